import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { check, equal } from './check.ts'
import { checkZip } from './check-work.ts'
import { choose, reaches } from './figures.ts'
import type { TestImage } from './images.ts'
import type { OpenPage, Page } from './open-page.ts'

/** How files come in and go out: dropped folders, a file that the person has chosen to save to. */
export async function checkFiles(
  { page }: OpenPage,
  images: readonly TestImage[],
  folder: string,
): Promise<void> {
  await check('a folder is dropped, with a folder in it and a broken file', async () => {
    const album = join(folder, 'album')
    await mkdir(join(album, 'more'), { recursive: true })
    for (const [at, { file, name }] of images.entries())
      await cp(file, join(album, at % 2 ? 'more' : '', name))
    await writeFile(join(album, 'more', 'notes.txt'), 'not an image')
    await drop(page, [album])
    await page.waitForFunction(
      (count: string) => document.getElementById('chosen')?.textContent?.startsWith(count),
      `${images.length + 1} files`,
    )
    await choose(page, 'both', 2)
    await page.click('#go')
    await reaches(page, 'Done')
    const listed = await page.textContent('#problem-list')
    const reason = 'Not an image: it begins like no JPEG, PNG, WebP, AVIF, GIF or BMP.'
    equal(listed, `album/more/notes.txt ${reason}`, 'left out')
    return undefined
  })

  await check('images are chosen again, and saved where the person says', async () => {
    await page.click('#clear')
    equal(await page.evaluate('document.activeElement.id'), 'pick-files', 'focus')
    await page.setInputFiles(
      '#files',
      images.map(({ file }) => file),
    )
    await page.click('#go')
    await reaches(page, 'Done')
    // A real file of the browser's own; the dialogue, which only a person can answer, is left out.
    await page.evaluate(() =>
      Object.assign(window, {
        showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) => {
          const root = await navigator.storage.getDirectory()
          return root.getFileHandle(suggestedName, { create: true })
        },
      }),
    )
    await page.click('#save-zip')
    await page.waitForFunction(
      () => document.getElementById('announcer')?.textContent === 'contact-sheet.zip saved.',
    )
    const base64: string = await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory()
      const file = await (await root.getFileHandle('contact-sheet.zip')).getFile()
      const reader = new FileReader()
      const read = new Promise(resolve => {
        reader.onload = resolve
      })
      reader.readAsDataURL(file)
      await read
      return (reader.result as string).split(',')[1]
    })
    return checkZip(page, Buffer.from(base64, 'base64'), images)
  })

  await check('a disk that is full, and a person who would rather not', async () => {
    await page.evaluate(() =>
      Object.assign(window, {
        showSaveFilePicker: async () => ({
          createWritable: async () =>
            new WritableStream({
              write() {
                throw new DOMException('The disk is full.', 'QuotaExceededError')
              },
            }),
        }),
      }),
    )
    await page.click('#save-zip')
    const words = 'contact-sheet.zip could not be saved: The disk is full.'
    await page.waitForFunction(
      (words: string) => document.getElementById('pace')?.textContent === words,
      words,
    )
    await page.evaluate(() =>
      Object.assign(window, {
        showSaveFilePicker: () => Promise.reject(new DOMException('', 'AbortError')),
      }),
    )
    const said = await page.evaluate('meters.said.length')
    await page.click('#save-checksums')
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve)))
    equal(await page.evaluate('meters.said.length'), said, 'sentences')
    return undefined
  })
}

/** Drops files and folders of the disk, as the browser has it from the system. */
async function drop(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await session.send('Input.dispatchDragEvent', { type, x: 200, y: 300, data })
  await session.detach()
}
