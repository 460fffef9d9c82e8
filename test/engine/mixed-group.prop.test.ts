import fc from 'fast-check'
import { batch, filter, flatten, forEach, from, map, type Stage, scan, take, tap } from 'sluice'
import { describe, expect, it } from 'vitest'
import { heat } from '../../src/engine/own-loop.ts'
import { ownLoops } from '../../src/engine/own-loops.ts'
import { heatOf } from '../setup/heat.ts'
import { runs } from '../setup/runs.ts'

/** What an item's call does in a step, by the item: gives its result, promises it, or throws. */
type Manner = 'at once' | 'promised' | 'thrown'

interface Step {
  readonly kind: 'map' | 'filter' | 'scan' | 'tap' | 'batch and flatten' | 'take'
  readonly divisor: number
  /** The item of those that come to the step whose call is not like the others, and how. */
  readonly odd: number
  readonly manner: Manner
}

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom(
      'map',
      'map',
      'filter',
      'filter',
      'scan',
      'scan',
      'tap',
      'batch and flatten',
      'take',
    ),
    divisor: fc.integer({ min: 1, max: 5 }),
    odd: fc.nat({ max: 30 }),
    manner: fc.constantFrom<Manner>('at once', 'at once', 'promised', 'promised', 'thrown'),
  }),
  { minLength: 1, maxLength: 11 },
)

const ERROR = { is: 'the very one' }
/** Verdicts of all sorts: whether they are truthy is what counts. */
const verdictOf = (item: number, divisor: number): unknown =>
  item % 2 === 0 ? item % divisor : item % divisor > 0 ? ['yes'] : item % 3 === 0 ? null : false

/** A function of a step, which writes down each call. */
function calling<R>(log: string[], at: number, { odd, manner }: Step, work: (...given: number[]) => R) {
  let calls = 0
  return (...given: number[]): R | Promise<R> => {
    log.push(`${at}: ${given}`)
    const result = work(...given)
    if (calls++ !== odd || manner === 'at once') return result
    if (manner === 'thrown') throw ERROR
    return Promise.resolve(result)
  }
}

/** The chain as generators, one within the other: what is called when, and what each step has counted. */
function model(chain: readonly Step[], length: number) {
  const log: string[] = []
  const items: number[] = []
  const counts = chain.map(() => ({ received: 0, emitted: 0, failed: 0 }))
  let flow: Iterator<number> = Array.from({ length }, (_, at) => at).values()
  for (const [at, step] of chain.entries()) flow = stepModel(flow, step, at, counts[at] as never, log)
  let failed = false
  try {
    for (let next = flow.next(); !next.done; next = flow.next()) {
      log.push(`end: ${next.value}`)
      items.push(next.value)
    }
  } catch {
    failed = true
  }
  return { log, items, counts, failed }
}

function* stepModel(
  source: Iterator<number>,
  step: Step,
  at: number,
  count: { received: number; emitted: number; failed: number },
  log: string[],
): Generator<number> {
  const { kind, divisor } = step
  let sum = 0
  let open: number[] = []
  const work =
    kind === 'scan'
      ? (item: number) => sum + item
      : kind === 'map'
        ? (item: number) => item + divisor
        : () => 0
  const call = calling(log, at, { ...step, manner: step.manner === 'thrown' ? 'thrown' : 'at once' }, work)
  const give = (item: number): number => {
    count.emitted++
    return item
  }
  for (let next = source.next(); !next.done; next = source.next()) {
    const item = next.value
    count.received++
    if (kind === 'take') {
      yield give(item)
      if (count.emitted === divisor) return
      continue
    }
    if (kind === 'batch and flatten') {
      open.push(item)
      if (open.length < divisor) continue
      count.emitted++
      for (const each of open) yield each
      open = []
      continue
    }
    let result: number
    try {
      if (kind === 'scan') {
        log.push(`${at}: ${sum},${item}`)
        result = sum + item
        if (step.manner === 'thrown' && count.received - 1 === step.odd) throw ERROR
      } else result = call(item) as number
    } catch (error) {
      count.failed++
      throw error
    }
    if (kind === 'scan') sum = result
    if (kind === 'filter' && !verdictOf(item, divisor)) continue
    yield give(kind === 'filter' || kind === 'tap' ? item : result)
  }
  if (open.length > 0) {
    count.emitted++
    yield* open
  }
}

function stagesOf(step: Step, at: number, log: string[]): Stage<number, number>[] {
  const { kind, divisor } = step
  const one = (fn: (item: number) => unknown) => (item: number) => fn(item)
  if (kind === 'map') return [map(one(calling(log, at, step, n => n + divisor)) as (item: number) => number)]
  if (kind === 'filter') return [filter(one(calling(log, at, step, n => verdictOf(n as number, divisor))))]
  if (kind === 'tap') return [tap(one(calling(log, at, step, () => 0)))]
  if (kind === 'take') return [take(divisor)]
  if (kind === 'scan') {
    const fold = calling(log, at, step, (sum, n) => (sum as number) + (n as number))
    return [scan((sum: number, n: number) => fold(sum, n), 0)]
  }
  return [batch<number>(divisor) as never, flatten<number>() as never]
}

function* generated(length: number): Generator<number> {
  for (let at = 0; at < length; at++) yield at
}

const listed = (length: number) => from(Array.from({ length }, (_, at) => at))

describe.each<[string, (length: number) => ReadableStream<number>, number | undefined]>([
  ['the items of an array', listed, undefined],
  ['the items of an array, in loops of its own', listed, 0],
  ['the items of a generator', length => from(generated(length)), undefined],
])('a chain of steps of every kind over %s', (_, open, loops) => {
  heatOf(loops)

  it('calls, gives and counts as generators within each other do', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat({ max: 40 }), async (chain, length) => {
        // Few of the shapes that chains have here would find a loop that is still free.
        if (loops !== undefined) heat.owners = Array(length % ownLoops.length).fill('')
        const log: string[] = []
        const items: number[] = []
        const stages = chain.map((step, at) => stagesOf(step, at, log))
        let flow: ReadableStream<number> = open(length)
        for (const stage of stages.flat()) flow = flow.pipeThrough(stage)
        let error: unknown
        await forEach(flow, item => {
          log.push(`end: ${item}`)
          items.push(item)
        }).catch(thrown => {
          error = thrown
        })
        const wanted = model(chain, length)
        expect({ items, error, log }).toEqual({
          items: wanted.items,
          error: wanted.failed ? ERROR : undefined,
          log: wanted.log,
        })
        const counted = stages.map(([stage]) => {
          const { received, emitted, failed } = (stage as Stage).stats()
          return { received, emitted, failed }
        })
        expect(counted).toEqual(wanted.counts)
      }),
      { numRuns: runs(500) },
    )
  })
})
