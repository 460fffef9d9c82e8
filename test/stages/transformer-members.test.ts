import { from, Stage, toArray, transform } from 'sluice'
import { describe, expect, it } from 'vitest'
import { soon } from '../contract/probe.ts'

// biome-ignore lint/suspicious/noExplicitAny: values of types that the signatures refuse
type Any = any

/** What making something of a value throws: the name of the error, or nothing. */
function thrown(make: () => unknown): string {
  try {
    make()
  } catch (error) {
    return (error as Error).name
  }
  return 'nothing'
}

/** Some platforms know no `cancel` of a transformer yet. */
async function knowsCancel(): Promise<boolean> {
  let called = false
  const cancel = () => {
    called = true
  }
  await new TransformStream({ cancel } as Any).readable.cancel()
  return called
}

const bad: [string, unknown][] = [
  ['null', null],
  ['a number', 1],
  ['a string', 'x'],
  ['start: 1', { start: 1 }],
  ['transform: 1', { transform: 1 }],
  ['flush: 1', { flush: 1 }],
  ['cancel: 1', { cancel: 1 }],
  ['readableType', { readableType: 'bytes' }],
  ['writableType', { writableType: 'bytes' }],
]

describe('a transformer that is none', () => {
  it.each(bad)('is refused by new Stage() where new TransformStream() refuses it: %s', (_, value) => {
    expect(thrown(() => new Stage(value as Any))).toBe(thrown(() => new TransformStream(value as Any)))
  })

  it.each(bad)('is refused by transform(): %s', (what, value) => {
    const kind = /Type/.test(what) ? RangeError : TypeError
    expect(() => transform(value as Any)).toThrow(kind)
    expect(() => transform(value as Any)).toThrow(/^transform: the transformer/)
  })

  it('says which member is reserved', () => {
    expect(() => transform({ writableType: 'bytes' } as Any)).toThrow(
      "transform: the transformer's writableType is reserved and must be undefined",
    )
  })
})

describe.each([
  ['new Stage()', (transformer?: Transformer<number, number>) => new Stage(transformer)],
  ['transform()', (transformer?: Transformer<number, number>) => transform(transformer)],
])('%s', (name, make) => {
  it('takes a function that has a transformer’s methods', async () => {
    const transformer = Object.assign(() => {}, {
      transform: (n: number, c: TransformStreamDefaultController<number>) => c.enqueue(n * 2),
    })
    const stage = make(transformer)
    expect(await toArray(from([1]).pipeThrough(stage))).toEqual([2])
    expect(stage.stats()).toMatchObject({ received: 1, done: 1, emitted: 1 })
  })

  it('counts its chunks where there is no transformer', async () => {
    const stage = make()
    expect(await toArray(from([1, 2]).pipeThrough(stage))).toEqual([1, 2])
    expect(stage.stats()).toMatchObject({ received: 2, done: 2, emitted: 2 })
  })

  it('counts what start and flush enqueue', async () => {
    const stage = make({ start: c => c.enqueue(0), flush: c => c.enqueue(9) })
    expect(await toArray(from([1]).pipeThrough(stage))).toEqual([0, 1, 9])
    expect(stage.stats()).toMatchObject({ received: 1, done: 1, emitted: 3 })
  })

  it('calls every method on the transformer, with its arguments', async ({ skip }) => {
    if (name === 'new Stage()' && !(await knowsCancel())) skip()
    const calls: unknown[] = []
    const transformer: Any = {
      start(this: unknown, ...args: unknown[]) {
        calls.push('start', this === transformer, args.length)
      },
      transform(this: unknown, ...args: unknown[]) {
        calls.push('transform', this === transformer, args.length)
      },
      flush(this: unknown, ...args: unknown[]) {
        calls.push('flush', this === transformer, args.length)
      },
      cancel(this: unknown, ...args: unknown[]) {
        calls.push('cancel', this === transformer, ...args)
      },
    }
    await toArray(from([1]).pipeThrough(make(transformer)))
    expect(calls.splice(0)).toEqual(['start', true, 1, 'transform', true, 2, 'flush', true, 1])
    expect(await soon(make(transformer).readable.cancel('enough'))).toEqual({ value: undefined })
    expect(calls).toEqual(['start', true, 1, 'cancel', true, 'enough'])
  })
})
