import fc from 'fast-check'
import {
  batch,
  block,
  buffer,
  circuitBreaker,
  compose,
  debounce,
  type Explainable,
  explain,
  Flow,
  filter,
  flatMap,
  from,
  map,
  scan,
  sink,
  tap,
  throttle,
  toArray,
  transform,
  window,
} from 'sluice'
import { expect, it } from 'vitest'
import { settle } from '../contract/probe.ts'
import { runs } from '../setup/runs.ts'
import { never } from './stuck.ts'

type Pair = ReadableWritablePair<unknown, unknown>

/** Stages that hand on what they get. */
const healthy: Record<string, () => Pair> = {
  map: () => map(item => item),
  'async map': () => map(async item => item),
  'several at once': () => map(async item => item, { concurrency: 3 }),
  'in no order': () => filter(async () => true, { concurrency: 2, ordered: false }),
  filter: () => filter(() => true),
  'a queue': () => buffer(block(2)),
  'with a queue': () => tap(() => {}, { strategy: block(1) }),
  scan: () => scan((_, item) => item, undefined as unknown),
  flatMap: () => flatMap(item => [item]),
  batches: () => batch(1),
  transform: () => transform({ transform: (item, controller) => controller.enqueue(item) }),
  composed: () =>
    compose(
      tap(() => {}),
      buffer(block(1)),
    ),
  "the platform's": () => new TransformStream(),
}

const fail = (): never => {
  throw new Error('no')
}
const opened = () => circuitBreaker({ failures: 1, resetAfter: 100_000, whileOpen: 'wait' })

/** Stages that do not, and what they wait for. */
const stuck: Record<string, { readonly make: () => Pair; readonly waitsOn: string }> = {
  map: { make: () => map(never, { name: 'stuck' }), waitsOn: 'function' },
  'behind a queue': { make: () => filter(never, { name: 'stuck', strategy: block(2) }), waitsOn: 'function' },
  'several at once': { make: () => map(never, { name: 'stuck', concurrency: 3 }), waitsOn: 'function' },
  'in no order': {
    make: () => map(never, { name: 'stuck', concurrency: 2, ordered: false }),
    waitsOn: 'function',
  },
  'the second item': {
    make: () => map((item, { index }) => (index === 1 ? never() : item), { name: 'stuck' }),
    waitsOn: 'function',
  },
  flatMap: { make: () => flatMap(never, { name: 'stuck' }), waitsOn: 'function' },
  'an expansion': {
    make: () => flatMap(() => new ReadableStream(), { name: 'stuck' }),
    waitsOn: 'source',
  },
  transform: { make: () => transform({ transform: never }, { name: 'stuck' }), waitsOn: 'function' },
  'a retry': {
    make: () => map(fail, { name: 'stuck', retry: { attempts: 5, delay: 100_000 }, concurrency: 2 }),
    waitsOn: 'timer',
  },
  'a breaker': {
    make: () => filter(fail, { name: 'stuck', breaker: opened(), onError: 'skip' }),
    waitsOn: 'breaker',
  },
  'a dead letter': {
    make: () => flatMap(fail, { name: 'stuck', deadLetter: new WritableStream({ write: never }) }),
    waitsOn: 'deadLetter',
  },
  throttle: { make: () => throttle({ limit: 1, interval: 100_000, name: 'stuck' }), waitsOn: 'timer' },
  'an unread window': { make: () => window({ size: 3, name: 'stuck' }), waitsOn: 'reader' },
  'the latest item': { make: () => debounce(100_000, { name: 'stuck' }), waitsOn: 'timer' },
  'as many as it bears': {
    make: () => map(never, { name: 'stuck', concurrency: { min: 1, max: 4 } }),
    waitsOn: 'function',
  },
  'a batch in time': {
    make: () => batch({ size: 1_000, maxWait: 100_000, name: 'stuck' }),
    waitsOn: 'timer',
  },
}

const plans = fc.record({
  before: fc.array(fc.constantFrom(...Object.keys(healthy)), { maxLength: 4 }),
  culprit: fc.constantFrom(...Object.keys(stuck)),
  after: fc.array(fc.constantFrom(...Object.keys(healthy)), { maxLength: 4 }),
  source: fc.constantFrom('array', 'generator', 'flow', 'native'),
  end: fc.constantFrom('sink', 'writable', 'toArray', 'for await', 'reader', 'tee'),
})

function open(kind: string): ReadableStream<unknown> {
  const items = Array.from({ length: 30 }, (_, n) => n)
  // None of them ends: what is stuck waits for itself alone.
  const forever = async function* () {
    yield* items
    await never()
  }
  if (kind === 'array') return from([...items, never()])
  if (kind === 'generator') return from(forever())
  const underlying: UnderlyingDefaultSource<unknown> = {
    pull: controller => (items.length > 0 ? controller.enqueue(items.shift()) : never()),
  }
  return kind === 'flow' ? new Flow(underlying) : from(new ReadableStream(underlying))
}

async function read(stream: ReadableStream<unknown>, end: string): Promise<void> {
  switch (end) {
    case 'sink':
      return stream.pipeTo(sink(() => {}))
    case 'writable':
      return stream.pipeTo(new WritableStream())
    case 'toArray':
      return void (await toArray(stream))
    case 'for await':
      for await (const _ of stream);
      return
    case 'tee':
      return void (await Promise.all(stream.tee().map(branch => toArray(branch))))
    default: {
      const reader = stream.getReader()
      while (!(await reader.read()).done);
    }
  }
}

it('explain() names the stage that was blocked on purpose, wherever it is, and from every part of the chain', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({ before, culprit, after, source, end }) => {
      const { make, waitsOn } = stuck[culprit] as (typeof stuck)[string]
      const makers = [...before.map(name => healthy[name]), make, ...after.map(name => healthy[name])]
      let stream = open(source)
      const parts: Explainable[] = [stream]
      for (const stage of makers.map(each => (each as () => Pair)())) {
        stream = stream.pipeThrough(stage)
        parts.push(stream, stage as Explainable)
      }
      void read(stream, end).catch(() => {})
      await settle(10)
      for (const part of parts) {
        expect(explain(part).culprit).toMatchObject({ name: 'stuck', kind: 'stage', waitsOn })
      }
    }),
    { numRuns: runs(200) },
  )
})
