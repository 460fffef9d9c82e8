import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ok } from './check.ts'
import type { Page } from './open-page.ts'

/** An image on disk, and what is known of it without the page's help. */
export interface TestImage {
  readonly name: string
  readonly file: string
  readonly size: number
  readonly width: number
  readonly height: number
  readonly sha256: string
  /** Its mean colour, in 0 to 255. */
  readonly colour: readonly [number, number, number]
}

/** What cameras and screens give: 2 to 12 megapixels. */
const SIZES = [
  [4000, 3000, 'jpeg'],
  [3000, 2000, 'jpeg'],
  [1920, 1080, 'png'],
  [3024, 4032, 'jpeg'],
  [2560, 1440, 'jpeg'],
  [3264, 2448, 'jpeg'],
  [1536, 2048, 'jpeg'],
  [2048, 1536, 'png'],
] as const
const DIFFERENT = 24
/** How far the mean colour of an image may be from that of its thumbnail; two in a row are much further apart. */
export const COLOUR_LIMIT = 4

/** Makes images on disk; no two files are the same. */
export async function makeImages(page: Page, folder: string, count: number): Promise<TestImage[]> {
  await mkdir(folder, { recursive: true })
  const different = await Promise.all(
    Array.from({ length: Math.min(DIFFERENT, count) }, async (_, at) => {
      const [width, height, type] = SIZES[at % SIZES.length] as (typeof SIZES)[number]
      const made = await page.evaluate(draw, { seed: at, width, height, type: `image/${type}` })
      return { width, height, type, colour: made.colour, bytes: Buffer.from(made.base64, 'base64') }
    }),
  )
  const images: TestImage[] = []
  for (let at = 0; at < count; at++) {
    const { type, bytes, ...known } = different[at % different.length] as (typeof different)[number]
    const name = `image ${String(at + 1).padStart(4, '0')}.${type === 'png' ? 'png' : 'jpg'}`
    const file = join(folder, name)
    const marked = type === 'png' ? Buffer.concat([bytes, Buffer.from(name)]) : commented(bytes, name)
    await writeFile(file, marked)
    const sha256 = createHash('sha256').update(marked).digest('hex')
    images.push({ ...known, name, file, sha256, size: marked.length })
  }
  for (const [at, { colour }] of images.entries()) {
    const next = images[at + 1]
    if (next) ok(distance(colour, next.colour) > 4 * COLOUR_LIMIT, `images ${at} and ${at + 1} look the same`)
  }
  return images
}

export function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? 0))))
}

/** A JPEG with a comment behind its first marker. */
function commented(jpeg: Buffer, text: string): Buffer {
  const length = Buffer.from([0xff, 0xfe, (text.length + 2) >> 8, (text.length + 2) & 255])
  return Buffer.concat([jpeg.subarray(0, 2), length, Buffer.from(text), jpeg.subarray(2)])
}

/** In a page: shapes and grain. */
async function draw(plan: { seed: number; width: number; height: number; type: string }) {
  const canvas = new OffscreenCanvas(plan.width, plan.height)
  const pen = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  pen.fillStyle = `hsl(${(plan.seed * 137) % 360} 60% ${35 + ((plan.seed * 29) % 40)}%)`
  pen.fillRect(0, 0, plan.width, plan.height)
  for (let shape = 0; shape < 60; shape++) {
    pen.fillStyle = `hsl(${(plan.seed * 137 + shape * 3) % 360} 60% ${30 + ((shape * 7) % 40)}% / 30%)`
    const [x, y] = [(shape * 811) % plan.width, (shape * 577) % plan.height]
    pen.fillRect(x, y, 40 + ((shape * 97) % 900), 40 + ((shape * 61) % 700))
  }
  if (plan.type === 'image/jpeg') {
    const tile = new OffscreenCanvas(512, 512)
    const brush = tile.getContext('2d') as OffscreenCanvasRenderingContext2D
    const noise = brush.createImageData(512, 512)
    for (let at = 0; at < noise.data.length; at++) noise.data[at] = at % 4 === 3 ? 80 : Math.random() * 255
    brush.putImageData(noise, 0, 0)
    pen.fillStyle = pen.createPattern(tile, 'repeat') as CanvasPattern
    pen.fillRect(0, 0, plan.width, plan.height)
  }
  const { data } = pen.getImageData(0, 0, plan.width, plan.height)
  const sums = [0, 0, 0]
  for (let at = 0; at < data.length; at += 4) {
    for (let part = 0; part < 3; part++) sums[part] = (sums[part] as number) + (data[at + part] as number)
  }
  const colour = sums.map(sum => sum / (plan.width * plan.height)) as [number, number, number]
  const blob = await canvas.convertToBlob({ type: plan.type, quality: 0.8 })
  const address = await new Promise<string>(resolve => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as string)
    reader.readAsDataURL(blob)
  })
  return { base64: address.slice(address.indexOf(',') + 1), colour }
}

/** In a page: the mean colour of an image. */
export async function meanColour({ base64, type }: { base64: string; type: string }) {
  const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
  const image = await createImageBitmap(new Blob([bytes], { type }))
  const canvas = new OffscreenCanvas(image.width, image.height)
  const pen = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  pen.drawImage(image, 0, 0)
  const { data } = pen.getImageData(0, 0, image.width, image.height)
  const sums = [0, 0, 0]
  for (let at = 0; at < data.length; at += 4) {
    for (let part = 0; part < 3; part++) sums[part] = (sums[part] as number) + (data[at + part] as number)
  }
  return sums.map(sum => sum / (image.width * image.height))
}
