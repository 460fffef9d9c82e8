import { batch, map } from 'sluice'
import { describe, expect, it, vi } from 'vitest'
import { Handoff } from '../../src/engine/handoff.ts'
import type { Entry } from '../../src/engine/operator.ts'
import type { Producer, Upstream } from '../../src/engine/protocol.ts'
import { settle, soon } from '../contract/probe.ts'

/** An operator that does what the test says, and keeps what it is told. */
class Operator implements Entry<number> {
  inside = 0
  working = false
  welcome = true
  broken = false
  over = false
  onOver = (): void => {}
  readonly told: unknown[] = []
  work: (item: number) => boolean = () => true

  readonly next = (item: number): boolean => {
    this.told.push(item)
    return this.work(item)
  }
  end(): void {
    this.told.push('end')
    this.#over()
  }
  fail(error: unknown): void {
    this.told.push(['fail', error])
    this.#over()
  }
  abort(reason: unknown): void {
    this.told.push(['abort', reason])
    this.#over()
  }
  #over(): void {
    this.over = true
    this.onOver()
  }
}

function connected() {
  const port = new Handoff<number>()
  const operator = new Operator()
  port.connect(operator)
  return { port, operator }
}

/** A flow piped in, that only keeps what it is asked. */
function feed() {
  const asked: unknown[] = []
  const up: Upstream = {
    resume: () => void asked.push('resume'),
    idle: () => void asked.push('idle'),
    cancel: reason => {
      asked.push(['cancel', reason])
      return undefined
    },
  }
  const producer: Producer<number> = { connect: () => up }
  return { asked, producer }
}

describe('Handoff', () => {
  it('asks a flow that is piped in after the operator has asked', () => {
    const { port } = connected()
    const { asked, producer } = feed()
    port.resume()
    port.attach(producer)
    expect(asked).toEqual(['resume'])
  })

  it('tells a flow that the operator is idle', () => {
    const { port } = connected()
    const { asked, producer } = feed()
    port.attach(producer)
    port.idle()
    expect(asked).toEqual(['idle'])
  })

  it('settles no write() of a chunk that was not asked for when the operator is idle', async () => {
    const { port, operator } = connected()
    const write = Promise.resolve(port.write(1))
    port.idle()
    expect(await soon(write)).toBe('pending')
    port.resume()
    expect(await soon(write)).toEqual({ value: undefined })
    expect(operator.told).toEqual([1])
  })

  describe('with an ending', () => {
    it('tells it to the operator that is connected later, once whoever connects has hold of it', async () => {
      const port = new Handoff<number>()
      const closed = port.close()
      const operator = new Operator()
      port.connect(operator)
      expect(operator.told).toEqual([])
      await settle()
      expect(operator.told).toEqual(['end'])
      expect(await soon(closed)).toEqual({ value: undefined })
    })

    it('tells it once', async () => {
      const { port, operator } = connected()
      port.close()
      await settle()
      expect(operator.told).toEqual(['end'])
    })

    it('says so, for those who have not read yet', () => {
      const { port } = connected()
      port.onEnding = vi.fn()
      port.close()
      expect(port.onEnding).toHaveBeenCalledOnce()
    })
  })

  describe('once cancelled', () => {
    it('knows the first reason and tells it once', () => {
      const { port } = connected()
      const { asked, producer } = feed()
      port.attach(producer)
      port.onCancel = vi.fn()
      port.cancel('first')
      port.cancel('second')
      expect(port.cancelled).toEqual({ reason: 'first' })
      expect(vi.mocked(port.onCancel).mock.calls).toEqual([['first']])
      expect(asked).toEqual([['cancel', 'first']])
    })

    it('refuses write() and close() with the reason', async () => {
      const port = new Handoff<number>()
      port.cancel('enough')
      expect(await soon(Promise.resolve(port.write(1)))).toEqual({ error: 'enough' })
      expect(await soon(port.close())).toEqual({ error: 'enough' })
    })

    it('tells nobody of a later abort', () => {
      const { port, operator } = connected()
      port.onEnding = vi.fn()
      port.cancel('enough')
      port.abort('late', false)
      expect(operator.told).toEqual([])
      expect(port.onEnding).not.toHaveBeenCalled()
    })

    it('fails the close() that still waited, with the reason', async () => {
      const { port, operator } = connected()
      operator.end = () => {}
      const closed = port.close()
      port.cancel('enough')
      operator.onOver()
      expect(await soon(closed)).toEqual({ error: 'enough' })
    })
  })

  it('fails the write() of an item at which the operator failed, with its error', async () => {
    const { port, operator } = connected()
    operator.work = () => {
      operator.broken = true
      port.cancel('broken')
      return false
    }
    port.resume()
    expect(await soon(Promise.resolve(port.write(1)))).toEqual({ error: 'broken' })
  })

  it('has written an item that the operator held when it was cancelled from behind', async () => {
    const { port, operator } = connected()
    operator.work = () => {
      operator.inside++
      port.cancel('enough')
      return false
    }
    port.resume()
    expect(await soon(Promise.resolve(port.write(1)))).toEqual({ value: undefined })
  })
})

describe('a stage without a strategy', () => {
  it('closes its writable side while nobody reads', async () => {
    expect(await soon(map((n: number) => n).writable.close())).toEqual({ value: undefined })
  })

  it('ends the stages behind it that somebody reads after it was closed', async () => {
    const stage = map((n: number) => n)
    const reader = stage.readable.pipeThrough(batch(2)).getReader()
    stage.writable.close()
    expect(await soon(reader.closed)).toEqual({ value: undefined })
  })

  it('gives the items of a flow that is piped in after somebody has begun to read', async () => {
    const stage = map((n: number) => n * 2)
    const read = stage.readable.getReader().read()
    new ReadableStream({ start: controller => controller.enqueue(1) }).pipeTo(stage.writable)
    expect(await soon(read)).toEqual({ value: { value: 2, done: false } })
  })
})
