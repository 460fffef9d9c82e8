import { flatMap, from, toArray } from 'sluice'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FlatMapOperator } from '../../src/engine/flat-map-operator.ts'
import { ItemScope } from '../../src/engine/item-scope.ts'
import type { Downstream, Producer } from '../../src/engine/protocol.ts'
import type { Step } from '../../src/engine/step.ts'
import { settle, soon } from '../contract/probe.ts'
import { Recorder } from './recorder.ts'

/** What an item expands to where that is no array: the test gives its items. */
class Inner implements Producer<unknown> {
  readonly asked: unknown[] = []
  down!: Downstream<unknown>

  connect(down: Downstream<unknown>) {
    this.down = down
    return {
      resume: () => void this.asked.push('resume'),
      idle() {},
      cancel: (reason: unknown) => {
        this.asked.push(['cancel', reason])
        return undefined
      },
    }
  }
}

function bench(limit: number, apply: (item: number) => unknown = () => new Inner()) {
  const recorder = new Recorder()
  const opened: unknown[] = []
  const step: Step = {
    apply: item => {
      step.scope = new ItemScope(0)
      return apply(item)
    },
    scope: undefined,
  }
  const operator = new FlatMapOperator<number, unknown>(recorder.down, step, limit, true, value => {
    opened.push(value)
    return value as Inner
  })
  operator.up = recorder.up
  return { recorder, operator, step, opened: opened as Inner[] }
}

afterEach(() => void vi.restoreAllMocks())

describe('FlatMapOperator with an array', () => {
  it('asks for no further item before the array is out, even if downstream asks within', () => {
    const { recorder, operator } = bench(1, () => ['a', 'b', 'c'])
    recorder.take = () => {
      operator.resume()
      return false
    }
    operator.resume()
    recorder.heard()
    expect(operator.next(1)).toBe(true)
    expect(recorder.heard()).toEqual(['a', 'b', 'c'])
  })

  it('is idle once it is out though nobody asks for more, and not before', () => {
    // However slow the machine is: else it might hand control back in between.
    vi.spyOn(performance, 'now').mockReturnValue(1)
    const { recorder, operator } = bench(1, () => ['a', 'b'])
    recorder.take = () => false
    operator.resume()
    recorder.heard()
    expect(operator.next(1)).toBe(false)
    expect(recorder.heard()).toEqual(['a'])
    operator.resume()
    expect(recorder.heard().slice(0, 2)).toEqual(['b', 'idle'])
  })

  it('is idle at once after one item', () => {
    const { recorder, operator } = bench(1, () => ['a'])
    recorder.take = () => false
    operator.resume()
    recorder.heard()
    expect(operator.next(1)).toBe(false)
    expect(recorder.heard()).toEqual(['a', 'idle'])
  })

  it('gives nothing after a cancel from within', () => {
    const { recorder, operator } = bench(1, () => ['a', 'b'])
    recorder.take = () => {
      operator.cancel('enough')
      return true
    }
    operator.resume()
    recorder.heard()
    expect(operator.next(1)).toBe(false)
    expect(recorder.heard()).toEqual(['a', ['cancel', 'enough']])
  })

  it('fires the signal of an item whose array is not out, with the reason', () => {
    const { recorder, operator, step } = bench(1, () => ['a', 'b'])
    recorder.take = () => false
    operator.resume()
    operator.next(1)
    operator.cancel('enough')
    expect((step.scope as ItemScope).signal).toMatchObject({ aborted: true, reason: 'enough' })
  })

  it('does not fire the signal of an item whose array is out', () => {
    const { operator, step } = bench(1, () => ['a', 'b'])
    operator.resume()
    operator.next(1)
    operator.cancel('enough')
    expect((step.scope as ItemScope).signal.aborted).toBe(false)
  })

  describe('that takes long', () => {
    const long = Array.from({ length: 40 }, (_, n) => n)
    let now = 1
    const clock = () => vi.spyOn(performance, 'now').mockImplementation(() => (now += 10))

    function begun() {
      clock()
      const made = bench(1, () => long)
      made.operator.resume()
      made.recorder.heard()
      expect(made.operator.next(1)).toBe(false)
      return made
    }

    it('hands control back in between, and asks for no further item before it is out', async () => {
      const { recorder, operator } = begun()
      const first = recorder.heard()
      expect(first.length).toBeGreaterThan(0)
      expect(first.length).toBeLessThan(10)
      operator.resume()
      expect(recorder.heard()).toEqual([])
      await settle(long.length)
      expect([...first, ...recorder.heard()]).toEqual([...long, 'resume'])
    })

    it('gives nothing more after a cancel in between', async () => {
      const { recorder, operator } = begun()
      recorder.heard()
      operator.cancel('enough')
      await settle()
      expect(recorder.heard()).toEqual([['cancel', 'enough']])
    })

    it('looks at the clock at a few items only', () => {
      const look = vi.spyOn(performance, 'now').mockReturnValue(5)
      const { operator } = bench(1, () => Array.from({ length: 10_000 }, (_, n) => n))
      operator.resume()
      operator.next(1)
      expect(look.mock.calls.length).toBeGreaterThan(10)
      expect(look.mock.calls.length).toBeLessThan(1000)
    })
  })
})

describe('FlatMapOperator', () => {
  it('works on nothing more once it is over', () => {
    const apply = vi.fn()
    const { operator } = bench(1, apply)
    operator.abort('stop')
    expect(operator.next(1)).toBe(false)
    expect(apply).not.toHaveBeenCalled()
    expect(operator.entered).toBe(0)
  })

  it('opens nothing that a promise gives after the end', async () => {
    const { operator, opened } = bench(1, async () => new Inner())
    operator.resume()
    operator.next(1)
    operator.cancel('enough')
    await settle()
    expect(opened).toEqual([])
  })

  it('asks an expansion for items only when it is asked', () => {
    const { operator, opened } = bench(1)
    operator.next(1)
    expect(opened[0]?.asked).toEqual([])
    operator.resume()
    expect(opened[0]?.asked).toEqual(['resume'])
  })

  it('reads several expansions one item ahead', () => {
    const { operator, opened } = bench(2)
    operator.next(1)
    operator.next(2)
    expect(opened.map(({ asked }) => asked[0])).toEqual(['resume', 'resume'])
  })

  it('asks for no more items than may be open at once', () => {
    const { recorder, operator, opened } = bench(1)
    operator.resume()
    recorder.heard()
    operator.next(1)
    operator.resume()
    expect(recorder.heard()).toEqual([])
    opened[0]?.down.next('a')
    opened[0]?.down.end()
    expect(recorder.heard()).toEqual(['a', 'resume'])
  })

  it('is idle when nothing is open though nobody asks for more, and not before', () => {
    const { recorder, operator, opened } = bench(1)
    recorder.take = () => false
    operator.resume()
    recorder.heard()
    operator.next(1)
    opened[0]?.down.next('a')
    expect(recorder.heard()).toEqual(['a'])
    opened[0]?.down.end()
    expect(recorder.heard()).toEqual(['idle'])
  })

  it('takes further items without working on them while an error waits for its turn, and asks for none', () => {
    const apply = vi.fn(() => new Inner())
    const { recorder, operator, opened } = bench(3, apply)
    operator.resume()
    operator.next(1)
    apply.mockImplementationOnce(() => {
      throw 'no'
    })
    recorder.heard()
    expect(operator.next(2)).toBe(false)
    expect(operator.next(3)).toBe(false)
    operator.resume()
    expect(apply).toHaveBeenCalledTimes(2)
    expect(recorder.heard()).toEqual([])
    opened[0]?.down.end()
    expect(recorder.heard()).toEqual([
      ['cancel', 'no'],
      ['fail', 'no'],
    ])
    expect(operator).toMatchObject({ entered: 3, done: 1, failed: 1, inside: 1 })
  })
})

describe('flatMap()', () => {
  it('fails with the reason of an abort of what an item expands to', async () => {
    const stop = new AbortController()
    const inner = () => from(new ReadableStream<number>(), { signal: stop.signal })
    const items = toArray(from([1]).pipeThrough(flatMap(inner)))
    expect(await soon(items)).toBe('pending')
    stop.abort('stop')
    expect(await soon(items)).toEqual({ error: 'stop' })
  })

  it('says what it cannot expand', async () => {
    const items = toArray(from([1]).pipeThrough(flatMap(() => 5 as never)))
    await expect(items).rejects.toThrow(/^flatMap: what an item expands to/)
  })
})
