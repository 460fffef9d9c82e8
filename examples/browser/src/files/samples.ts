import { forEach, from, map, range, toArray } from 'sluice'
import { createPool, parallel } from 'sluice/parallel'
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
/** How many different images there are; each file is one of them with a number of its own in it. */
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
  const pool = createPool<Work>(newWorker)
  try {
    const images: Blob[] = []
    const made = from(plans).pipeThrough(parallel(pool, { name: 'sample' }))
    await forEach(made, blob => progress(images.push(blob), plans.length), { signal })
    const copies = range(1, count + 1)
      .pipeThrough(map(number => ({ number, image: images[number % images.length] as Blob })))
      .pipeThrough(parallel(pool, { name: 'copy' }))
    return await toArray(copies, { signal })
  } finally {
    await pool.close()
  }
}
