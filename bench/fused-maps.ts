/**
 * Question: how many integers a second go through 1, 3 and 8 synchronous maps into a sum, with the statistics on?
 * Unit: items/s. Baseline: the platform's own `pipeThrough` chain, in the same process.
 */
import { map, range, reduce } from 'sluice'
import { pollute } from './pollute.ts'

// Eight functions of their own: one that is used twice would be inlined more readily than an application's are.
const steps: ((x: number) => number)[] = [
  x => x + 1,
  x => x ^ 3,
  x => x + 2,
  x => x | 1,
  x => x - 1,
  x => x ^ 5,
  x => x + 7,
  x => x & 0xffffff,
]
const RUNS = 7

async function ours(stages: number, items: number): Promise<number> {
  let flow = range(0, items)
  const maps = Array.from({ length: stages }, (_, at) => map(steps[at % 8] as (x: number) => number))
  for (const stage of maps) flow = flow.pipeThrough(stage)
  const sum = await reduce(flow, (a, b) => (a + b) | 0, 0)
  for (const stage of maps) if (stage.stats().done !== items) throw new Error('a stage has lost count')
  return sum
}

async function native(stages: number, items: number): Promise<number> {
  let next = 0
  let stream = new ReadableStream<number>({
    pull: controller => (next < items ? controller.enqueue(next++) : controller.close()),
  })
  for (let at = 0; at < stages; at++) {
    const step = steps[at % 8] as (x: number) => number
    const transform = (x: number, controller: TransformStreamDefaultController<number>) =>
      controller.enqueue(step(x))
    stream = stream.pipeThrough(new TransformStream({ transform }))
  }
  let sum = 0
  for await (const x of stream) sum = (sum + x) | 0
  return sum
}

function loop(stages: number, items: number): number {
  let sum = 0
  for (let i = 0; i < items; i++) {
    let x = i
    for (let at = 0; at < stages; at++) x = (steps[at % 8] as (x: number) => number)(x)
    sum = (sum + x) | 0
  }
  return sum
}

async function rate(run: typeof ours, stages: number, items: number): Promise<number> {
  const times: number[] = []
  const expected = loop(stages, items)
  for (let n = 0; n <= RUNS; n++) {
    const start = performance.now()
    if ((await run(stages, items)) !== expected) throw new Error('a wrong sum')
    if (n > 0) times.push(performance.now() - start)
  }
  return (items / (times.sort((a, b) => a - b)[RUNS >> 1] as number)) * 1000
}

await pollute()
console.log(`${process.version}, medians of ${RUNS}, after other pipelines, statistics on`)
for (const stages of [1, 3, 8]) {
  const [fast, slow] = [await rate(ours, stages, 1_000_000), await rate(native, stages, 20_000)]
  console.log(
    `${stages} maps: ${(fast / 1e6).toFixed(1)} M items/s, native ${(slow / 1e3).toFixed(0)} k items/s, ratio ${(fast / slow).toFixed(0)}`,
  )
}
