import { block, Flow, flatMap, from, map, sink } from 'sluice'
import { describe, expect, it } from 'vitest'
import { outcome, settle, soon } from '../contract/probe.ts'

/** A promise and its ends. */
function gate() {
  let open: () => void = () => {}
  let fail: (error: unknown) => void = () => {}
  const promise = new Promise<void>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  return { promise, open, fail }
}

describe('sink() as a WritableStream', () => {
  it('is one', () => {
    expect(sink(() => {})).toBeInstanceOf(WritableStream)
  })

  it('takes chunks through a writer, in order', async () => {
    const seen: number[] = []
    const writer = sink<number>(n => void seen.push(n)).getWriter()
    for (const n of [1, 2, 3]) {
      await writer.ready
      await writer.write(n)
    }
    await writer.close()
    expect(seen).toEqual([1, 2, 3])
    expect(await soon(writer.closed)).toEqual({ value: undefined })
  })

  it('waits with close() for the items at work', async () => {
    const gates = [gate(), gate()]
    const writer = sink<number>(n => gates[n]?.promise, { concurrency: 2 }).getWriter()
    writer.write(0)
    writer.write(1)
    const closed = writer.close()
    gates[0]?.open()
    expect(await soon(closed, 5)).toBe('pending')
    gates[1]?.open()
    expect(await soon(closed)).toEqual({ value: undefined })
  })

  it('makes its writer wait while as many as it may are at work', async () => {
    const gates = [gate(), gate(), gate()]
    let started = 0
    const writer = sink<number>(n => (started++, gates[n]?.promise), { concurrency: 2 }).getWriter()
    const writes = [0, 1, 2].map(n => writer.write(n))
    await settle()
    expect(started).toBe(2)
    expect(await soon(writes[2] as Promise<void>, 5)).toBe('pending')
    gates[0]?.open()
    await settle()
    expect(started).toBe(3)
    for (const { open } of gates) open()
    expect(await soon(Promise.all([...writes, writer.close()]))).toHaveProperty('value')
  })

  it.each([new Error('thrown'), undefined, 0])('errors with what its function throws: %s', async error => {
    const writer = sink(() => {
      throw error
    }).getWriter()
    writer.closed.catch(() => {})
    const write = outcome(writer.write(1))
    const closed = (await soon(writer.closed)) as { error: unknown }
    expect(closed).toHaveProperty('error')
    expect(closed.error).toBe(error)
    await write
    const after = (await soon(writer.write(2))) as { error: unknown }
    expect(after.error).toBe(error)
  })

  it('fires the signals of the items at work when it is aborted', async () => {
    const signals: AbortSignal[] = []
    const writer = sink<number>(
      (_n, { signal }) => {
        signals.push(signal)
        return new Promise(resolve => signal.addEventListener('abort', resolve))
      },
      { concurrency: 2 },
    ).getWriter()
    for (const n of [0, 1]) writer.write(n).catch(() => {})
    writer.closed.catch(() => {})
    await settle()
    const reason = new Error('abort')
    expect(await soon(writer.abort(reason))).toEqual({ value: undefined })
    expect(signals.map(signal => signal.reason)).toEqual([reason, reason])
  })

  it.each(Array.from({ length: 16 }, (_, ticks) => ticks))(
    'rejects with the flow’s own error, also when its source fails meanwhile (%s ticks)',
    async ticks => {
      const own = new Error('own')
      let n = 0
      const source = new Flow<number>(
        {
          pull(controller) {
            if (n < 3) controller.enqueue(n++)
            else controller.error(new Error('source'))
          },
        },
        { highWaterMark: 0 },
      )
      const late = async () => {
        for (let tick = 0; tick < ticks; tick++) await null
        throw own
      }
      const flow = source.pipeThrough(map(late, { strategy: block(4) })).pipeThrough(flatMap(item => [item]))
      expect(await soon(flow.pipeTo(sink(() => {})))).toEqual({ error: own })
    },
  )

  it('is used once', async () => {
    const end = sink(() => {})
    await from([1]).pipeTo(end)
    expect(await soon(from([1]).pipeTo(end))).toHaveProperty('error')
    expect(end.locked).toBe(false)
  })

  it('is locked while a flow is poured into it, and refuses a second one', async () => {
    const held = gate()
    const end = sink(() => held.promise)
    const first = from([1]).pipeTo(end)
    expect(end.locked).toBe(true)
    const second = from([2])
    expect(await soon(second.pipeTo(end))).toEqual({ error: expect.any(TypeError) })
    expect(second.locked).toBe(false)
    held.open()
    expect(await soon(first)).toEqual({ value: undefined })
    expect(end.locked).toBe(false)
  })

  it.each(['preventClose', 'preventAbort', 'preventCancel'] as const)(
    'keeps to pipeTo’s %s',
    async option => {
      const error = new Error('source')
      const closed: unknown[] = []
      const failing = option === 'preventAbort'
      const cancelled = option === 'preventCancel'
      const end = sink(() => {
        if (cancelled) throw error
      })
      const source = new ReadableStream<number>({
        pull(controller) {
          if (failing) controller.error(error)
          else if (cancelled) controller.enqueue(1)
          else controller.close()
        },
        cancel: reason => void closed.push(reason),
      })
      const result = await soon(
        source.pipeThrough(map(n => n, { strategy: block(1) })).pipeTo(end, { [option]: true }),
      )
      expect(result).toEqual(failing || cancelled ? { error } : { value: undefined })
      const writer = end.getWriter()
      if (cancelled) expect(await soon(writer.closed)).toEqual({ error })
      else expect(await soon(writer.write(1))).toEqual({ value: undefined })
    },
  )
})
