import { block, dropNewest, flatMap, from, map, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { Inlet } from '../../src/engine/inlet.ts'
import { Intake } from '../../src/engine/intake.ts'
import { readAll, settle, soon } from '../contract/probe.ts'

const forever = () => new Promise<never>(() => {})

/** A platform's stream that gives `items` and then fails. */
function failing(items: number[], error: unknown): ReadableStream<number> {
  const left = [...items]
  return new ReadableStream({
    pull(controller) {
      const item = left.shift()
      if (item === undefined) controller.error(error)
      else controller.enqueue(item)
    },
  })
}

describe.each([
  ['of ours', block<number>(4)],
  ["of the platform's", { highWaterMark: 4 }],
])('the writable of a stage with a strategy %s', (_, strategy) => {
  const stageOf4 = () => map((n: number) => n, { strategy })

  it('can be closed without a writer, and takes nothing more', async () => {
    const stage = stageOf4()
    const out = toArray(stage.readable)
    const closed = stage.writable.close()
    const write = stage.writable.getWriter().write(1)
    expect(await soon(write)).toEqual({ error: expect.any(TypeError) })
    expect(await soon(closed)).toEqual({ value: undefined })
    expect(await soon(out)).toEqual({ value: [] })
  })

  it('can be aborted without a writer: what is inside is discarded', async () => {
    const stage = stageOf4()
    const writer = stage.writable.getWriter()
    await writer.write(1)
    writer.releaseLock()
    expect(await soon(stage.writable.abort('stop'))).toEqual({ value: undefined })
    expect(await readAll(stage.readable)).toEqual({ items: [], failed: true, error: 'stop' })
    expect(stage.stats()).toMatchObject({ received: 1, discarded: 1 })
  })

  it('is neither closed nor aborted by whoever does not hold its lock', async () => {
    const stage = stageOf4()
    const first = stage.writable.getWriter()
    first.releaseLock()
    const writer = stage.writable.getWriter()
    const tries = [stage.writable.close(), stage.writable.abort('a'), first.close(), first.abort('b')].map(
      attempt => soon(attempt),
    )
    for (const attempt of await Promise.all(tries)) expect(attempt).toEqual({ error: expect.any(TypeError) })
    expect(writer.desiredSize).toBe(4)
    await writer.write(1)
    expect(writer.desiredSize).toBe(3)
    writer.releaseLock()
    const pipe = failing([2], 'no').pipeTo(stage.writable)
    expect(await soon(pipe)).toEqual({ error: 'no' })
    expect(await readAll(stage.readable)).toEqual({ items: [1, 2], failed: true, error: 'no' })
  })

  it('takes nothing from a writer that has asked for the close', async () => {
    const stage = stageOf4()
    const writer = stage.writable.getWriter()
    writer.write(1)
    writer.close()
    const write = writer.write(2)
    await expect(write).rejects.toThrow(/^write: the writable side is closed$/)
    expect(await toArray(stage.readable)).toEqual([1])
  })

  it('discards at once what is inside when the abort comes during the close', async () => {
    const stage = stageOf4()
    const writer = stage.writable.getWriter()
    await writer.write(1)
    const closed = soon(writer.close())
    await settle()
    const aborted = soon(writer.abort('stop'))
    expect(await readAll(stage.readable)).toEqual({ items: [], failed: true, error: 'stop' })
    expect(await closed).not.toBe('pending')
    expect(await aborted).not.toBe('pending')
  })

  it('that is asked for after the readable was cancelled has failed with the reason', async () => {
    const stage = map((n: number) => n)
    await stage.readable.cancel('enough')
    expect(await soon(stage.writable.getWriter().closed)).toEqual({ error: 'enough' })
  })

  it('gives what was written before a flow was piped in first', async () => {
    const stage = stageOf4()
    const writer = stage.writable.getWriter()
    writer.write(1)
    writer.releaseLock()
    expect(await toArray(from([2, 3]).pipeThrough(stage))).toEqual([1, 2, 3])
  })

  it('fails with what onDrop throws', async () => {
    const onDrop = (): void => {
      throw 'no'
    }
    const stage = map((n: number) => n, { strategy: dropNewest(1), onDrop })
    const writer = stage.writable.getWriter()
    writer.write(1)
    expect(await soon(writer.write(2))).toEqual({ error: 'no' })
    expect(await soon(writer.closed)).toEqual({ error: 'no' })
    expect(await soon(writer.write(3))).toEqual({ error: 'no' })
  })
})

describe('Inlet.used', () => {
  const USES: Record<string, (inlet: Inlet<number>) => unknown> = {
    'a writer that is held': inlet => inlet.getWriter(),
    'a writer that was released': inlet => inlet.getWriter().releaseLock(),
    'a close': inlet => inlet.close(),
    'an abort': inlet => inlet.abort('x'),
    'a pipe that has come and gone': inlet => failing([1], 'no').pipeTo(inlet, { preventAbort: true }),
    'a lock': inlet => inlet.lock(),
  }
  it('is false at first', () => {
    expect(new Inlet(new Intake<number>(block(4), { name: 'x' })).used).toBe(false)
  })

  for (const [what, use] of Object.entries(USES)) {
    it(`is true after ${what}`, async () => {
      const inlet = new Inlet(new Intake<number>(block(4), { name: 'x' }))
      Promise.resolve(use(inlet)).catch(() => {})
      await settle()
      expect(inlet.used).toBe(true)
    })
  }
})

describe.each([
  ['map, several at once', () => map(forever, { concurrency: 4 })],
  ['map, as many as prove good', () => map(forever, { concurrency: { min: 2, max: 4 } })],
  ['flatMap', () => flatMap(forever, { concurrency: 2 })],
])('a stage without a strategy (%s) whose writer aborts', (_, stageOf) => {
  it('discards what is at work, at once, though its write has settled', async () => {
    const stage = stageOf()
    const out = readAll(stage.readable)
    const writer = stage.writable.getWriter()
    await writer.write(1)
    expect(await soon(writer.abort('stop'))).toEqual({ value: undefined })
    expect(await soon(out)).toEqual({ value: { items: [], failed: true, error: 'stop' } })
    expect(stage.stats()).toMatchObject({ inFlight: 0, discarded: 1 })
  })

  it('does not if the writer has released its lock, or another one has it now', async () => {
    const stage = stageOf()
    readAll(stage.readable)
    const writer = stage.writable.getWriter()
    await writer.write(1)
    writer.releaseLock()
    expect(await soon(writer.abort('stop'))).toEqual({ error: expect.any(TypeError) })
    expect(await soon(failing([], 'no').pipeTo(stage.writable))).toEqual({ error: 'no' })
    expect(stage.stats()).toMatchObject({ inFlight: 1, discarded: 0 })
  })
})
