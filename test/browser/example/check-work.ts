import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadTool } from '../load-tool.ts'
import { accessible, fits } from './accessible.ts'
import { check, equal, ok } from './check.ts'
import { choose, comesTo, figures, reaches } from './figures.ts'
import { COLOUR_LIMIT, distance, meanColour, type TestImage } from './images.ts'
import { memoryOf } from './memory.ts'
import type { Measured } from './meters.ts'
import type { OpenPage } from './open-page.ts'

const EDGE = 256
const FRAME_LIMIT = 100
/** With fewer images, among other tests on the same cores, the gaps are told and not judged. */
const JUDGED_FROM = 1_000
/** The queues of the stages, and the frames of a page of the sheet. */
const CAPACITY = 16
const FRAMES = 36

/** All images and three broken files, by two workers: every result is looked at, and the page while they come. */
export async function checkWork(
  { page, profile }: OpenPage,
  images: readonly TestImage[],
  folder: string,
): Promise<void> {
  const broken = {
    'words.jpg': [Buffer.from('words'), 'Not an image: it begins like no JPEG, PNG, WebP, AVIF, GIF or BMP.'],
    'empty.png': [Buffer.alloc(0), 'The file is empty.'],
    'torn.jpg': [
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 1, 2, 3]),
      'The source image could not be decoded.',
    ],
  } as const
  const files = images.map(({ file }) => file)
  for (const [at, [name, [bytes]]] of Object.entries(broken).entries()) {
    const path = join(folder, name)
    await writeFile(path, bytes)
    files.splice(Math.floor(((at + 1) * images.length) / 4), 0, path)
  }
  const megabytes = Math.round(images.reduce((sum, { size }) => sum + size, 0) / 1e6)
  const megapixels = images.reduce((sum, { width, height }) => sum + width * height, 0) / 1e6 / images.length

  let chosen = {} as Measured
  await check(`${images.length} images of 2 to 12 megapixels, and 3 broken files`, async () => {
    await page.evaluate('meters.start()')
    await page.setInputFiles('#files', files)
    await page.waitForFunction(() => document.getElementById('chosen')?.textContent?.includes(', '))
    chosen = await page.evaluate('meters.stop()')
    await choose(page, 'both', 2)
    await page.evaluate('meters.start()')
    await page.click('#go')
    const start = performance.now()
    const memory: Record<string, number>[] = []
    const timer = setInterval(() => void memoryOf(profile).then(now => memory.push(now)), 1_000)
    await comesTo(page, 20, 600_000)
    equal(page.workers().length, 2, 'workers')
    await reaches(page, 'Done', 900_000).finally(() => clearInterval(timer))
    const seconds = (performance.now() - start) / 1_000
    const { stages } = await figures(page)
    for (const [stage, failed] of [
      ['Look', 2],
      ['Thumbnail', 1],
      ['SHA-256', 0],
    ] as const) {
      equal(stages[stage]?.failed, String(failed), `${stage}: failed`)
      equal(stages[stage]?.['in flight'], '0', `${stage}: in flight`)
    }
    const rss = (kind: string) => memory.map(now => Math.round((now[kind] ?? 0) / 1e6))
    const renderer = rss('renderer')
    const half = renderer[renderer.length >> 1]
    return `${megabytes} MB, ${megapixels.toFixed(1)} megapixels each on average; ${seconds.toFixed(0)} s, ${(images.length / seconds).toFixed(1)} images/s; renderer's memory ${half} MB halfway, ${renderer.at(-1)} MB at the end, ${Math.max(0, ...renderer)} MB at most`
  })

  const measured: Measured = await page.evaluate('meters.stop()')
  const judged = images.length >= JUDGED_FROM
  const limit = judged ? ` is below ${FRAME_LIMIT} ms` : ''
  await check(`the longest gap between two frames${limit}`, async () => {
    const [info, before] = [measured, chosen].map(
      ({ longestFrame, p99, frames, longTasks, longestTask, blame }) =>
        `${longestFrame.toFixed(0)} ms; p99 ${p99.toFixed(0)} ms of ${frames} frames; ${longTasks} long tasks, the longest ${longestTask.toFixed(0)} ms${blame && ` (${blame})`}`,
    )
    const both = `${info}\n                       while the files are chosen: ${before}`
    ok(measured.frames > 10, 'the page drew nothing')
    if (judged) ok(measured.longestFrame < FRAME_LIMIT, both)
    return both
  })

  await check('what is held is bounded', async () => {
    const { shown, queued, heap } = measured
    ok(shown <= FRAMES && shown > 0, `${shown} frames`)
    ok(queued <= CAPACITY && queued > 0, `${queued} in a queue`)
    return `at most ${shown} frames, ${queued} files in a queue, ${Math.round(heap / 1e6)} MB of JavaScript`
  })

  await check('workers are gone', async () => equal(page.workers().length, 0, 'workers') as undefined)

  await check('broken files are named, each with its reason', async () => {
    const listed = await page.$$eval('#problem-list li', (items: Element[]) =>
      items.map(item => item.textContent),
    )
    const expected = Object.entries(broken).map(([name, [, reason]]) => `${name} ${reason}`)
    equal([...listed].sort(), expected.sort(), 'the list')
    equal(await page.textContent('#problems-title'), 'Left out: 3 files', 'its title')
    return undefined
  })

  await check('a screen reader hears of it, and not too much', async () => {
    const said: string[] = await page.evaluate('meters.said')
    const all = (images.length + 3).toLocaleString('en')
    equal(
      said,
      [
        `${all} files chosen.`,
        `Started on ${all} files.`,
        'A quarter done.',
        'Half done.',
        'Three quarters done.',
        `Done: ${images.length.toLocaleString('en')} files, 3 left out.`,
      ],
      'said',
    )
    equal(await page.getAttribute('#bar', 'aria-valuenow'), '100', 'the progress bar')
    return `${said.length} sentences`
  })

  await check('the page of the results', async () => {
    for (const width of [360, 768, 1440]) await fits(page, width)
    return accessible(page)
  })

  await check('the ZIP holds a thumbnail of each image, and the right checksums', async () => {
    await page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }))
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-zip')])
    equal(download.suggestedFilename(), 'contact-sheet.zip', 'name')
    return checkZip(page, await readFile(await download.path()), images)
  })
}

/** Looks at every entry, by means that the page does not have. */
export async function checkZip(
  page: OpenPage['page'],
  zip: Buffer,
  images: readonly TestImage[],
): Promise<string> {
  const { unzipSync } = await loadTool('fflate')
  const { imageSize } = await loadTool('image-size')
  const entries: Record<string, Uint8Array> = unzipSync(zip)
  const sums = Buffer.from(entries['SHA256SUMS.txt'] ?? []).toString()
  equal(sums, images.map(({ sha256, name }) => `${sha256}  ${name}\n`).join(''), 'checksums')
  equal(Object.keys(entries).length, images.length + 1, 'entries')
  let worst = 0
  for (const { name, width, height, colour } of images) {
    const png = name.endsWith('.png')
    const bytes = entries[`thumbnails/${name.replace(/\.(png|jpg)$/, png ? '.webp' : '.jpg')}`]
    if (!bytes) throw new Error(`no thumbnail of ${name}`)
    const size = imageSize(bytes)
    const scale = EDGE / Math.max(width, height)
    equal(size.type, png ? 'webp' : 'jpg', `type of ${name}`)
    equal(
      [size.width, size.height],
      [Math.round(width * scale), Math.round(height * scale)],
      `size of ${name}`,
    )
    const type = `image/${png ? 'webp' : 'jpeg'}`
    const mean = await page.evaluate(meanColour, { base64: Buffer.from(bytes).toString('base64'), type })
    worst = Math.max(worst, distance(mean, colour))
    ok(worst < COLOUR_LIMIT, `${name} has the colour ${mean} instead of ${colour}`)
  }
  return `${images.length} thumbnails of the right type, size and colour (within ${worst.toFixed(1)} of 255), ${images.length} checksums as Node computes them`
}
