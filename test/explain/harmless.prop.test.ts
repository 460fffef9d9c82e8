import fc from 'fast-check'
import { type Explainable, type Explanation, explain, Flow, forEach, from, sink } from 'sluice'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { chains, type Log, type Op } from '../contract/chain-model.ts'
import { stageOf } from '../contract/chain-run.ts'
import { soon } from '../contract/probe.ts'
import { runs } from '../setup/runs.ts'

/** A log that looks at the chain at each call of each function, from within it. */
class LookingLog extends Array<string> {
  look: () => void = () => {}

  override push(...calls: string[]): number {
    this.look()
    return super.push(...calls)
  }
}

interface Plan {
  readonly ops: readonly Op[]
  readonly length: number
  readonly source: 'array' | 'async iterable' | 'native' | 'platform flow'
  readonly reader: 'forEach' | 'for await' | 'reader' | 'sink' | 'writable' | 'tee'
}

const plans: fc.Arbitrary<Plan> = fc.record({
  ops: chains(7),
  length: fc.nat(12),
  source: fc.constantFrom('array', 'async iterable', 'native', 'platform flow'),
  reader: fc.constantFrom('forEach', 'for await', 'reader', 'sink', 'writable', 'tee'),
})

function open({ source, length }: Plan): ReadableStream<unknown> {
  const items = Array.from({ length }, (_, at) => (at * 5) % 13)
  if (source === 'array') return from(items)
  if (source === 'async iterable')
    return from(
      (async function* () {
        yield* items
      })(),
    )
  const left = [...items]
  const underlying: UnderlyingDefaultSource<unknown> = {
    pull: controller => (left.length > 0 ? controller.enqueue(left.shift()) : controller.close()),
  }
  return source === 'native' ? new ReadableStream(underlying) : new Flow(underlying)
}

async function read(
  stream: ReadableStream<unknown>,
  reader: Plan['reader'],
  parts: Explainable[],
): Promise<unknown[]> {
  const items: unknown[] = []
  const push = (item: unknown): void => void items.push(item)
  switch (reader) {
    case 'forEach':
      await forEach(stream, push)
      break
    case 'for await':
      for await (const item of stream) push(item)
      break
    case 'reader': {
      const taken = stream.getReader()
      for (let next = await taken.read(); !next.done; next = await taken.read()) push(next.value)
      break
    }
    case 'tee': {
      const [left, right] = stream.tee()
      parts.push(left, right)
      await Promise.all([forEach(left, push), right.pipeTo(sink(push))])
      break
    }
    default: {
      const end = reader === 'sink' ? sink(push) : new WritableStream({ write: push })
      if (reader === 'sink') parts.push(end)
      await stream.pipeTo(end)
    }
  }
  return items
}

const hasNative = (ops: readonly Op[]): boolean =>
  ops.some(op => op.op === 'native' || (op.op === 'compose' && hasNative(op.ops)))

/** Runs a chain; `look`, if given, is called with its parts at every call of its functions, and in between. */
async function run(plan: Plan, look?: (parts: readonly Explainable[]) => void) {
  const log = new LookingLog()
  const parts: Explainable[] = []
  let stream = open(plan)
  parts.push(stream)
  for (const [at, op] of plan.ops.entries()) {
    const stage = stageOf(op, `${at}:${op.op}`, log as Log)
    stream = stream.pipeThrough(stage)
    parts.push(stream, ...(stage instanceof TransformStream ? [stage as Explainable] : []))
    look?.(parts)
  }
  log.look = () => look?.(parts)
  let over = false
  const looks = (async () => {
    for (let turn = 0; look && !over && turn < 40; turn++) {
      look(parts)
      await Promise.resolve()
    }
  })()
  const ended = await soon(read(stream, plan.reader, parts), 200)
  over = true
  await looks
  return { ended, calls: [...log], parts }
}

beforeEach(() => {
  // A loop that takes long hands control back, which is no change that is meant here.
  vi.spyOn(performance, 'now').mockReturnValue(1)
})
afterEach(() => {
  vi.restoreAllMocks()
})

it('explain() changes nothing in a chain, and never throws, whenever and about whatever of it it is asked', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async plan => {
      const found: Explanation[] = []
      const plain = await run(plan)
      const watched = await run(plan, parts => {
        found.push(explain(parts[found.length % parts.length] as Explainable))
      })
      expect(watched.ended).toEqual(plain.ended)
      expect(watched.calls).toEqual(plain.calls)
      for (const each of found) {
        expect(String(each)).toContain(each.why)
        if (each.culprit) expect(each.stages).toContain(each.culprit)
        for (const { queued, inFlight, forMs } of each.stages) {
          expect(Math.min(queued, inFlight, forMs)).toBeGreaterThanOrEqual(0)
        }
      }
      // What became of a platform's stream cannot always be seen.
      const ours = plan.source === 'array' || plan.source === 'async iterable'
      const visible = ours && (plan.reader === 'sink' || plan.reader === 'forEach' || !hasNative(plan.ops))
      if (visible && watched.ended !== 'pending' && 'value' in watched.ended) {
        for (const part of watched.parts)
          expect(explain(part)).toMatchObject({ culprit: undefined, ended: true })
      }
    }),
    { numRuns: runs(150) },
  )
})
