import { forEach, from, interval, reduce } from 'sluice'
import type { Entry, Job, JobKind, Problem } from './entry.ts'
import { makeSamples } from './files/samples.ts'
import { type Run, run } from './pipeline.ts'
import { checksumText } from './save/checksums.ts'
import { saveStream } from './save/save-stream.ts'
import { zipOf } from './save/zip.ts'
import { announce, quarters } from './view/announcer.ts'
import { allow, element, hide, write } from './view/element.ts'
import { bytes, files, number } from './view/format.ts'
import { LineView } from './view/line-view.ts'
import { PaceView } from './view/pace-view.ts'
import { ProblemsView, reasonOf } from './view/problems-view.ts'
import { ProgressView, type State } from './view/progress-view.ts'
import { SheetView } from './view/sheet-view.ts'
import { Watch } from './watch.ts'

/** How often the picture is drawn, in milliseconds. */
const EVERY = 120

/** What the page does: files come, a job is done on them, results are saved. */
export class App {
  readonly #entries: Entry[] = []
  readonly #results: Entry[] = []
  readonly #line = new LineView()
  readonly #pace = new PaceView()
  readonly #progress = new ProgressView()
  readonly #problems = new ProblemsView()
  readonly #sheet = new SheetView(this.#results)
  readonly #watch = new Watch()
  #state: State = 'idle'
  /** Bytes chosen, and files of the run. */
  #size = 0
  #weighing = 0
  #total = 0
  #failed = 0
  #read = 0
  #run: Run | undefined
  #sampling: AbortController | undefined

  constructor() {
    this.preview()
    this.#draw()
  }

  get #busy(): boolean {
    return ['sampling', 'running', 'paused', 'cancelling'].includes(this.#state)
  }

  add(entries: readonly Entry[]): void {
    if (this.#busy || entries.length === 0) return
    for (const entry of entries) this.#entries.push(entry)
    this.#weigh(entries)
    this.#become('ready')
    announce(`${files(this.#entries.length)} chosen.`)
  }

  /** A file's size is asked of the system: for a thousand files that takes a while, in which the page goes on. */
  async #weigh(entries: readonly Entry[]): Promise<void> {
    this.#weighing++
    const size = await reduce(from(entries), (sum, { file }) => sum + file.size, 0)
    this.#weighing--
    // They may have been cleared meanwhile.
    if (this.#entries.includes(entries[0] as Entry)) this.#size += size
    this.#draw()
  }

  async addDropped(entries: AsyncIterable<Entry>): Promise<void> {
    if (this.#busy) return
    const found: Entry[] = []
    await forEach(from(entries), entry => {
      found.push(entry)
      if (found.length % 100 === 0) write(this.#chosen, `Looking into folders: ${files(found.length)} …`)
    })
    this.add(found)
  }

  async makeSamples(count: number): Promise<void> {
    if (this.#busy) return
    const before = this.#state
    this.#sampling = new AbortController()
    this.#become('sampling')
    announce('Making sample images.')
    try {
      const made = await makeSamples(count, {
        signal: this.#sampling.signal,
        progress: (made, of) => write(this.#chosen, `Making images: ${made} of ${of} …`),
      })
      this.#become(before)
      this.add(made)
    } catch (error) {
      this.#become(before)
      announce(this.#sampling.signal.aborted ? 'Cancelled.' : `No samples: ${reasonOf(error)}`)
    }
  }

  /** A file that was left out. */
  note(problem: Problem): void {
    this.#failed++
    this.#problems.add(problem)
  }

  clear(): void {
    if (this.#busy) return
    this.#entries.length = this.#size = 0
    this.#forget()
    this.#become('idle')
    announce('No files.')
  }

  /** Shows the stages that the job would have. */
  preview(): void {
    if (!this.#run) this.#line.preview(job().kind)
  }

  /** Starts, pauses, goes on. */
  go(): void {
    if (this.#state === 'running') {
      this.#run?.pause.begin()
      this.#watch.stop()
      this.#become('paused')
      this.#pace.say('What the workers had begun is finished and waits. No file is taken, no result is kept.')
      announce('Paused.')
    } else if (this.#state === 'paused') {
      this.#run?.pause.end()
      this.#watch.start()
      this.#become('running')
      this.#pace.say('')
      announce('Going on.')
    } else if (!this.#busy && this.#entries.length > 0) this.#start()
  }

  cancel(): void {
    this.#sampling?.abort()
    if (!this.#run) return
    this.#become('cancelling')
    this.#run.cancel()
  }

  async saveZip(): Promise<void> {
    await this.#save('contact-sheet.zip', () => zipOf(this.#results))
  }

  async saveChecksums(): Promise<void> {
    const text = checksumText(this.#results)
    await this.#save('SHA256SUMS.txt', () => new Blob([text]).stream())
  }

  async #start(): Promise<void> {
    this.#forget()
    this.#total = this.#entries.length
    const entries = this.#entries.slice()
    const quarter = quarters()
    const started = run(entries, job(), {
      keep: entry => {
        this.#results.push(entry)
        this.#read += entry.file.size
      },
      note: problem => this.note(problem),
      stuck: why => {
        if (this.#state === 'running') this.#pace.say(`Nothing has moved for a while. ${why}`)
      },
    })
    this.#run = started
    this.#watch.reset()
    this.#watch.start()
    this.#become('running')
    announce(`Started on ${files(this.#total)}.`)

    // The picture is a pipeline too: a clock, and somebody who looks.
    const over = new AbortController()
    const drawing = forEach(interval(EVERY, { until: over.signal }), () => {
      this.#draw()
      const text = quarter((this.#results.length + this.#failed) / this.#total)
      if (text) announce(`${text} done.`)
    })
    let end: State = 'done'
    let said = ''
    try {
      await started.done
      const out = this.#failed === 0 ? '' : `, ${number(this.#failed)} left out`
      said = `Done: ${files(this.#results.length)}${out}.`
    } catch (error) {
      end = this.#state === 'cancelling' ? 'cancelled' : 'broken'
      said = end === 'cancelled' ? `Cancelled after ${files(this.#results.length)}.` : reasonOf(error)
    }
    this.#watch.stop()
    over.abort()
    await drawing
    this.#become(end)
    this.#sheet.settle()
    this.#pace.say(end === 'broken' ? said : '')
    this.#run = undefined
    announce(said)
  }

  async #save(name: string, open: () => ReadableStream<Uint8Array>): Promise<void> {
    try {
      if (await saveStream(name, open)) announce(`${name} saved.`)
    } catch (error) {
      this.#pace.say(`${name} could not be saved: ${reasonOf(error)}`)
      announce(`${name} could not be saved: ${reasonOf(error)}`)
    }
  }

  #forget(): void {
    this.#results.length = this.#total = this.#failed = this.#read = 0
    this.#watch.reset()
    this.#problems.clear()
    this.#sheet.clear()
    this.preview()
    this.#pace.say('')
  }

  #become(state: State): void {
    this.#state = state
    this.#draw()
  }

  get #chosen(): HTMLElement {
    return element('chosen', HTMLParagraphElement)
  }

  #draw(): void {
    const state = this.#state
    const kept = this.#results.length
    this.#progress.draw(state, {
      total: this.#total,
      kept,
      failed: this.#total === 0 ? 0 : this.#failed,
      bytes: this.#read,
      worked: this.#watch.ms,
    })
    const stages = this.#run?.stages()
    if (stages && state === 'running') this.#pace.look(stages)
    if (stages) this.#line.draw(stages, this.#total, state === 'running' ? this.#pace.slowest : undefined)
    this.#sheet.draw()
    this.#drawControls()
  }

  #drawControls(): void {
    const state = this.#state
    const button = (id: string) => element(id, HTMLButtonElement)
    const some = this.#entries.length > 0
    write(button('go'), { running: 'Pause', paused: 'Go on' }[state as string] ?? 'Start')
    allow(button('go'), some && state !== 'sampling' && state !== 'cancelling')
    allow(button('cancel'), state === 'running' || state === 'paused' || state === 'sampling')
    for (const id of ['pick-files', 'pick-folder', 'make-samples', 'clear']) allow(button(id), !this.#busy)
    hide(button('clear'), !some)
    const fixed = state === 'running' || state === 'paused' || state === 'cancelling'
    for (const input of document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(
      '#job input, #job select',
    ))
      if (input.disabled !== fixed) input.disabled = fixed
    const [first] = this.#results
    allow(button('save-zip'), !this.#busy && first?.thumbnail !== undefined)
    allow(button('save-checksums'), !this.#busy && first?.sha256 !== undefined)
    if (state === 'sampling') return
    write(
      this.#chosen,
      some
        ? `${files(this.#entries.length)}${this.#weighing ? '' : `, ${bytes(this.#size)}`}`
        : 'No files yet.',
    )
  }
}

function job(): Job {
  const data = new FormData(element('job', HTMLFormElement))
  return {
    kind: data.get('kind') as JobKind,
    edge: Number(data.get('edge')),
    workers: Number(data.get('workers')),
  }
}
