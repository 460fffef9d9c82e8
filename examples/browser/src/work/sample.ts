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
