import { describe, expect, it } from 'vitest'
import type { Producer, Upstream } from '../../src/engine/protocol.ts'
import { WindowOperator } from '../../src/engine/window-operator.ts'
import { Recorder } from './recorder.ts'

/** An operator whose windows are read by `reader`, and what both sides are told. */
function operator(size: number) {
  const outer = new Recorder()
  const reader = new Recorder()
  const ups: Upstream[] = []
  reader.take = () => false
  outer.take = window => {
    ups.push((window as Producer<unknown>).connect(reader.down))
    return false
  }
  const op = new WindowOperator<unknown, unknown>(outer.down, {
    size,
    time: undefined,
    show: window => window,
    told: () => {},
  })
  op.up = outer.up
  /** The side of the `n`th window that its reader calls. */
  const up = (n: number) => ups[n] as Upstream
  return { op, outer, reader, up }
}

describe('WindowOperator', () => {
  it('asks for the next item with its answer, not while it takes one', () => {
    const { op, outer, reader, up } = operator(3)
    op.resume()
    expect(outer.heard()).toEqual(['resume'])
    const { take } = outer
    outer.take = window => {
      take(window)
      up(0).resume()
      up(0).resume()
      return false
    }
    expect(op.next(1)).toBe(true)
    reader.take = () => {
      up(0).resume()
      return false
    }
    expect(op.next(2)).toBe(true)
    expect(outer.heard().filter(word => typeof word === 'string')).toEqual([])
    expect(reader.heard()).toEqual([1, 2])
  })

  it('shows one window after the other, also to who asks while it is shown one', () => {
    const { op, outer, reader, up } = operator(1)
    let depth = 0
    const { take } = outer
    outer.take = window => {
      expect(depth++).toBe(0)
      take(window)
      up(op.emitted - 1).resume()
      op.resume()
      depth--
      return false
    }
    // A source that gives its next item as soon as it is asked.
    let item = 0
    let giving = false
    op.up = {
      ...outer.up,
      resume() {
        if (giving) return
        giving = true
        for (let more = true; more && item < 5; ) more = op.next(item++)
        giving = false
      },
    }
    // The window that asked for this item is over.
    op.next(item++)
    op.resume()
    expect(reader.heard().filter(word => typeof word === 'number')).toEqual([0, 1, 2, 3, 4])
  })

  it('says once that it wants an item, to who asks while it is given one', () => {
    const { op, outer, reader, up } = operator(3)
    op.resume()
    op.next(1)
    outer.heard()
    reader.take = () => {
      up(0).resume()
      return false
    }
    up(0).resume()
    expect(outer.heard()).toEqual(['resume'])
  })

  it('leaves the open window alone when one that is over is cancelled', () => {
    const { op, reader, up } = operator(1)
    for (const item of [1, 2]) {
      op.resume()
      op.next(item)
      if (item === 1) up(0).resume()
    }
    op.cancel(undefined)
    up(0).cancel(undefined)
    expect(op.over).toBe(false)
    up(1).resume()
    expect(reader.heard()).toEqual([1, 'end', 2, 'end'])
  })

  it('gives a window nothing of the next one', () => {
    const { op, reader, up } = operator(1)
    op.resume()
    op.next(1)
    up(0).resume()
    expect(reader.heard()).toEqual([1, 'end'])
    op.resume()
    op.next(2)
    up(0).resume()
    expect(reader.heard()).toEqual([])
    up(0).cancel(undefined)
    up(1).resume()
    expect(reader.heard()).toEqual([2, 'end'])
    expect(op.dropped).toBe(0)
  })

  it('tells nothing to who has cancelled', () => {
    for (const ending of ['end', 'fail', 'abort'] as const) {
      const { op, outer, reader, up } = operator(3)
      op.resume()
      op.next(1)
      up(0).resume()
      op.cancel(undefined)
      outer.heard()
      reader.heard()
      op[ending]('source')
      expect(reader.heard()).toEqual([ending === 'end' ? 'end' : [ending, 'source']])
      expect(outer.heard()).toEqual([])
      expect(op.over).toBe(true)
      const inner = operator(3)
      inner.op.resume()
      inner.op.next(1)
      inner.up(0).cancel(undefined)
      inner.op[ending]('source')
      expect(inner.reader.heard()).toEqual([])
    }
  })

  it('ends a window behind the item that is on its way', () => {
    const { op, reader, up } = operator(3)
    op.resume()
    op.next(1)
    reader.take = () => {
      op.end()
      expect(reader.heard()).toEqual([1])
      return true
    }
    up(0).resume()
    expect(reader.heard()).toEqual(['end'])
  })
})
