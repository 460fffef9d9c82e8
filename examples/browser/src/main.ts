import { App } from './app.ts'
import { dropped } from './files/drop.ts'
import { picked } from './files/pick.ts'
import { allow, element, onPress } from './view/element.ts'

const app = new App()
const button = (id: string) => element(id, HTMLButtonElement)

for (const [id, input] of [
  ['pick-files', element('files', HTMLInputElement)],
  ['pick-folder', element('folder', HTMLInputElement)],
] as const) {
  onPress(button(id), () => input.click())
  input.addEventListener('change', () => {
    app.add(picked(input))
    // The same files may be chosen again.
    input.value = ''
  })
}

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
const hover = (over: boolean) => document.body.classList.toggle('hovered', over)
addEventListener('dragover', event => {
  if (!hasFiles(event)) return
  event.preventDefault()
  hover(true)
})
addEventListener('dragleave', event => {
  if (event.relatedTarget === null) hover(false)
})
addEventListener('drop', event => {
  hover(false)
  if (!event.dataTransfer || !hasFiles(event)) return
  event.preventDefault()
  app.addDropped(dropped(event.dataTransfer, problem => app.note(problem)))
})

const samples = element('sample-count', HTMLSelectElement)
onPress(button('make-samples'), () => app.makeSamples(Number(samples.value)))
onPress(button('clear'), () => {
  app.clear()
  // The button has gone, and the focus with it.
  button('pick-files').focus()
})
onPress(button('go'), () => app.go())
onPress(button('cancel'), () => app.cancel())
onPress(button('save-zip'), () => app.saveZip())
onPress(button('save-checksums'), () => app.saveChecksums())

element('job', HTMLFormElement).addEventListener('change', () => app.preview())

const workers = element('workers', HTMLSelectElement)
const cores = navigator.hardwareConcurrency || 2
for (let count = 1; count <= cores; count++) {
  workers.add(new Option(`${count} of ${cores}`, String(count), count === cores, count === cores))
}
// A browser keeps the state of a form over a reload, but not what was chosen.
allow(button('go'), false)
