import type { Entry } from '../entry.ts'
import { draw } from './landscape.ts'

/** An image to make. */
export interface SamplePlan {
  readonly seed: number
  readonly width: number
  readonly height: number
  readonly type: 'image/jpeg' | 'image/png'
}

/** Makes an image as large as a camera's or a screen's. */
export function sample({ seed, width, height, type }: SamplePlan): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('This browser gives no canvas to its workers.')
  draw(pen, seed, type === 'image/jpeg')
  return canvas.convertToBlob({ type, quality: 0.8 })
}

/** A file of the image with a number in it, so that no two files are the same. The bytes of a blob are not copied. */
export function copy({ image, number }: { image: Blob; number: number }): Entry {
  const png = image.type === 'image/png'
  const path = `sample-${String(number).padStart(4, '0')}.${png ? 'png' : 'jpg'}`
  const text = `sample ${String(number).padStart(8, '0')}`
  const length = text.length + 2
  // Whatever follows the end of a PNG is skipped; a JPEG begins with its marker, then a comment may come.
  const parts = png
    ? [image, text]
    : [image.slice(0, 2), Uint8Array.of(0xff, 0xfe, length >> 8, length & 255), text, image.slice(2)]
  return { path, file: new File(parts, path, { type: image.type }) }
}
