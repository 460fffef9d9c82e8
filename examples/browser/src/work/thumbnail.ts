import type { TaskContext } from 'sluice/worker'
import type { Entry } from '../entry.ts'

/** Makes a thumbnail whose longer edge is `edge` pixels. */
export async function thumbnail(
  entry: Entry,
  { data, transfer }: TaskContext<{ edge: number }>,
): Promise<Entry> {
  const image = await createImageBitmap(entry.file)
  const { width: fullWidth, height: fullHeight } = image
  const scale = Math.min(1, data.edge / Math.max(fullWidth, fullHeight))
  const width = Math.max(1, Math.round(fullWidth * scale))
  const height = Math.max(1, Math.round(fullHeight * scale))
  const canvas = new OffscreenCanvas(width, height)
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('This browser gives no canvas to its workers.')
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(image, 0, 0, width, height)
  // 48 MB for 12 megapixels: not to be left to the garbage collector.
  image.close()
  // Others may be transparent. A browser that writes no WebP writes PNG instead.
  const type = entry.file.type === 'image/jpeg' ? 'image/jpeg' : 'image/webp'
  const blob = await canvas.convertToBlob({ type, quality: 0.82 })
  const preview = canvas.transferToImageBitmap()
  transfer([preview])
  return { ...entry, thumbnail: { blob, preview, width, height, fullWidth, fullHeight } }
}
