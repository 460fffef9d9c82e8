import { from, range, sink } from 'sluice'
import { describe, expect, it } from 'vitest'
import { expectLaw, outcome } from '../contract/probe.ts'

/** A sink, and what its function has seen. */
function used(fn: (item: unknown) => unknown = () => {}) {
  const seen: unknown[] = []
  const target = sink(item => {
    seen.push(item)
    return fn(item)
  })
  return { target, seen }
}

describe('sink() that was used before', () => {
  it('finishes with what its writer gave before it takes what is piped in', async () => {
    const log: string[] = []
    const target = sink(async item => {
      log.push(`${item} begins`)
      await Promise.resolve()
      log.push(`${item} ends`)
    })
    const writer = target.getWriter()
    const written = writer.write('w')
    writer.releaseLock()
    await range(0, 1).pipeTo(target)
    await written
    expect(log).toEqual(['w begins', 'w ends', '0 begins', '0 ends'])
    expect(target.stats()).toMatchObject({ received: 2, done: 2 })
    expectLaw(target as never)
  })

  it('keeps one account for all pipes', async () => {
    const { target, seen } = used()
    await range(0, 2).pipeTo(target, { preventClose: true })
    await range(2, 4).pipeTo(target)
    expect(seen).toEqual([0, 1, 2, 3])
    expect(target.stats()).toMatchObject({ received: 4, done: 4 })
  })

  it.each<[string, (target: WritableStream<unknown>) => unknown, unknown]>([
    ['a pipe', target => range(0, 0).pipeTo(target), expect.any(TypeError)],
    ['close()', target => target.close(), expect.any(TypeError)],
    ['abort()', target => target.abort('why'), 'why'],
    ['a pipe that failed', target => outcome(from(failing()).pipeTo(target)), 'worse'],
  ])('takes no item once %s has ended it, and cancels what is piped in', async (_, end, error) => {
    const { target, seen } = used()
    await end(target)
    const cancelled: unknown[] = []
    const flow = from(new ReadableStream({ cancel: reason => void cancelled.push(reason) }))
    expect(await outcome(flow.pipeTo(target))).toEqual({ error })
    expect(seen).toEqual([])
    expect(cancelled).toEqual([error])
  })

  it('takes no item once its function has failed', async () => {
    const { target, seen } = used(() => {
      throw new Error('bad item')
    })
    const writer = target.getWriter()
    writer.closed.catch(() => {})
    await outcome(writer.write(0))
    writer.releaseLock()
    expect(await outcome(range(1, 3).pipeTo(target))).toEqual({ error: new Error('bad item') })
    expect(seen).toEqual([0])
  })
})

// biome-ignore lint/correctness/useYield: it fails first
function* failing(): Generator<unknown> {
  throw 'worse'
}
