import { forEach, from } from 'sluice'
import { parallel } from 'sluice/parallel'
import type { Entry } from '../entry.ts'
import { newWorker, type Work } from '../new-worker.ts'
import type { SamplePlan } from '../work/sample.ts'

/** Width and height of what cameras and screens give: 2 to 12 megapixels. */
const SIZES: readonly (readonly [number, number, SamplePlan['type']])[] = [
  [4000, 3000, 'image/jpeg'],
  [3000, 2000, 'image/jpeg'],
  [1920, 1080, 'image/png'],
  [3024, 4032, 'image/jpeg'],
  [2560, 1440, 'image/jpeg'],
  [3264, 2448, 'image/jpeg'],
  [1536, 2048, 'image/jpeg'],
  [2048, 1536, 'image/png'],
]
/** How many different images there are; others are the same ones with a comment of their own. */
const DIFFERENT = 24

/** Makes files of images, in workers, and tells how many are made. */
export async function makeSamples(
  count: number,
  { signal, progress }: { signal: AbortSignal; progress: (made: number, of: number) => void },
): Promise<Entry[]> {
  const plans = Array.from({ length: Math.min(count, DIFFERENT) }, (_, seed): SamplePlan => {
    const [width, height, type] = SIZES[seed % SIZES.length] as (typeof SIZES)[number]
    return { seed, width, height, type }
  })
  const images: Blob[] = []
  const made = from(plans).pipeThrough(parallel<Work, 'sample'>(newWorker, { name: 'sample' }))
  await forEach(made, blob => progress(images.push(blob), plans.length), { signal })
  return Array.from({ length: count }, (_, at) => {
    const plan = plans[at % plans.length] as SamplePlan
    return entryOf(images[at % plans.length] as Blob, plan, at + 1)
  })
}

function entryOf(image: Blob, { type }: SamplePlan, number: number): Entry {
  const kind = type === 'image/png' ? 'png' : 'jpg'
  const path = `sample-${String(number).padStart(4, '0')}.${kind}`
  return { path, file: new File(marked(image, kind, number), path, { type }) }
}

/** The image with a number in it, so that no two files are the same. The bytes of a blob are not copied. */
function marked(image: Blob, kind: 'png' | 'jpg', number: number): BlobPart[] {
  const text = `sample ${String(number).padStart(8, '0')}`
  // Whatever follows the end of a PNG is skipped; a JPEG begins with its marker, then a comment may come.
  if (kind === 'png') return [image, text]
  const length = text.length + 2
  return [image.slice(0, 2), Uint8Array.of(0xff, 0xfe, length >> 8, length & 255), text, image.slice(2)]
}
