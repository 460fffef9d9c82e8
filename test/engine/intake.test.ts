import { batch, block, channel, dropNewest, forEach, from, map, reject, timeout } from 'sluice'
import { describe, expect, it } from 'vitest'
import { Intake } from '../../src/engine/intake.ts'
import type { Entry } from '../../src/engine/operator.ts'
import { probe, settle, soon } from '../contract/probe.ts'

/** An operator that keeps what it is told. */
class Operator implements Entry<number> {
  inside = 0
  working = false
  welcome = true
  broken = false
  over = false
  onOver = (): void => {}
  readonly told: unknown[] = []
  readonly next = (item: number): boolean => {
    this.told.push(item)
    return false
  }
  end(): void {
    this.told.push('end')
  }
  fail(error: unknown): void {
    this.told.push(['fail', error])
  }
  abort(reason: unknown): void {
    this.told.push(['abort', reason])
  }
}

const weighed = { highWaterMark: 4, size: (n: number) => n }

describe('Intake', () => {
  it('takes nothing from a flow that goes on after an abort, and counts nothing', () => {
    const intake = new Intake<number>(block(2), { name: 'x' })
    intake.abort('stop', true)
    expect(intake.next(1)).toBe(false)
    expect(intake.inbox.received).toBe(0)
  })

  it('rejects close() and write() with the reason of the cancel', async () => {
    const intake = new Intake<number>(block(2), { name: 'x', onReject() {} })
    intake.cancel('enough')
    expect(await soon(intake.close())).toEqual({ error: 'enough' })
    expect(await soon(intake.write(1) as Promise<unknown>)).toEqual({ error: 'enough' })
  })

  it('tells its end once', () => {
    const intake = new Intake<number>(block(2), { name: 'x' })
    const operator = new Operator()
    intake.connect(operator)
    intake.close()
    intake.resume()
    expect(operator.told).toEqual(['end'])
  })

  it('gives no item while the operator is at the one before, even if that asks for more', () => {
    const intake = new Intake<number>(block(9), { name: 'x' })
    const told: string[] = []
    const next = (item: number): boolean => {
      told.push(`${item} in`)
      if (item < 3) intake.resume()
      told.push(`${item} out`)
      return false
    }
    intake.connect(Object.assign(new Operator(), { next }))
    for (const n of [1, 2, 3]) intake.tryOffer(n)
    intake.resume()
    expect(told).toEqual(['1 in', '1 out', '2 in', '2 out', '3 in', '3 out'])
  })
})

describe('a channel whose readable is piped on, before anybody reads', () => {
  it('can be closed: the stages behind it end', async () => {
    const queue = channel<number>(block(2))
    const out = queue.readable.pipeThrough(batch(2))
    const closed = queue.close()
    expect(await soon(out.getReader().closed)).toEqual({ value: undefined })
    expect(await soon(closed)).toEqual({ value: undefined })
  })

  it('can be aborted: the stages behind it fail', async () => {
    const queue = channel<number>(block(2))
    const out = queue.readable.pipeThrough(batch(2))
    queue.abort('stop')
    expect(await soon(out.getReader().read())).toEqual({ error: 'stop' })
  })
})

describe('channel()', () => {
  it('settles a close() after an abort', async () => {
    const queue = channel<number>(block(2))
    queue.abort('stop')
    expect(await soon(queue.close())).not.toBe('pending')
  })

  it('can be closed with an array being piped in', async () => {
    const queue = channel<number>(block(2))
    const out = from([1, 2, 3]).pipeThrough(queue)
    await settle()
    const closed = queue.close()
    const items: number[] = []
    expect(await soon(forEach(out, n => void items.push(n)))).toEqual({ value: undefined })
    expect(items).toEqual([1, 2])
    expect(await soon(closed)).toEqual({ value: undefined })
  })

  it('takes what the function that works on its item sends to it', async () => {
    const queue = channel<number>(block(2))
    const items: number[] = []
    const end = forEach(queue.readable, n => {
      items.push(n)
      if (n < 3) queue.trySend(n + 1)
      else queue.close()
    })
    queue.trySend(0)
    expect(await soon(end)).toEqual({ value: undefined })
    expect(items).toEqual([0, 1, 2, 3])
  })

  it('lets in at once whoever stood behind one that gave up and was too heavy', async () => {
    const queue = channel<number>(block(weighed))
    queue.trySend(2)
    const giveUp = new AbortController()
    const heavy = queue.send(4, { signal: giveUp.signal })
    const light = queue.send(1)
    expect(await soon(light)).toBe('pending')
    giveUp.abort('enough')
    expect(await soon(heavy)).toEqual({ error: 'enough' })
    expect(await soon(light)).toEqual({ value: true })
  })

  it('sends those who wait away when a size throws', async () => {
    const no = new Error('no size')
    const size = (n: number): number => {
      if (n < 0) throw no
      return 1
    }
    const queue = channel<number>(block({ highWaterMark: 1, size }))
    queue.trySend(1)
    const waiting = queue.send(2)
    expect(queue.trySend(-1)).toBe(false)
    expect(await soon(waiting)).toEqual({ error: no })
  })

  it('fails its writable with what a callback throws', async () => {
    const queue = channel<number>(dropNewest(1), {
      onDrop() {
        throw 'no'
      },
    })
    const writer = queue.writable.getWriter()
    queue.trySend(1)
    queue.trySend(2)
    expect(await soon(writer.closed)).toEqual({ error: 'no' })
  })

  it('keeps the reason of an abort when the callback that called it then throws', async () => {
    const queue = channel<number>(reject(1), {
      onReject() {
        queue.abort('first')
        throw 'second'
      },
    })
    queue.trySend(1)
    queue.trySend(2)
    expect(await soon(queue.send(3))).toEqual({ error: 'first' })
  })

  it('that is full and loses items does not make a pipe wait', async () => {
    const queue = channel<number>(dropNewest(1))
    queue.trySend(0)
    from([1, 2]).pipeThrough(queue)
    await settle()
    expect(queue.stats()).toMatchObject({ queued: 1, dropped: 2 })
  })

  it.each([block(1), timeout(1, 1000)])(
    'that is full and waits does not pull a pipe, mode $mode',
    async strategy => {
      const queue = channel<number>(strategy)
      queue.trySend(0)
      const source = probe('fused', [1, 2])
      source.stream.pipeThrough(queue)
      await settle()
      expect(source.pulled).toBe(0)
    },
  )
})

describe('writer.ready of a stage with a strategy', () => {
  it('waits until there is room again, beyond those who wait already', async () => {
    const stage = map((n: number) => n, { strategy: block(2) })
    const writer = stage.writable.getWriter()
    const reader = stage.readable.getReader()
    for (const n of [1, 2, 3]) writer.write(n)
    const { ready } = writer
    await reader.read()
    expect(writer.desiredSize).toBe(0)
    expect(await soon(ready)).toBe('pending')
    await reader.read()
    expect(await soon(ready)).toEqual({ value: undefined })
  })
})
