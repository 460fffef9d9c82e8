import { Flow, from, map, sink } from 'sluice'
import { describe, expect, it } from 'vitest'
import { loopOf, settle, soon } from '../contract/probe.ts'

const error = new Error('error')

describe('flow.pipeTo(sink())', () => {
  it('runs the chain and the sink’s function in one loop', async () => {
    const flow = from([1, 2, 3]).pipeThrough(map(n => n * 10))
    expect(await loopOf(each => flow.pipeTo(sink(n => each(n))))).toEqual([10, 20, 30, 'microtask'])
  })

  it('rejects with the error of the source’s clean-up when the function fails, as the platform does', async () => {
    for (const destination of [sink, (write: () => void) => new WritableStream({ write })]) {
      const clean = new Error('clean-up')
      const source = new Flow<number>({ pull: c => c.enqueue(1), cancel: () => Promise.reject(clean) })
      const end = destination(() => {
        throw error
      })
      expect(await soon(source.pipeTo(end as WritableStream<number>))).toEqual({ error: clean })
    }
  })

  it('waits for the source’s clean-up when the function fails', async () => {
    let clean = false
    const source = new Flow<number>({
      pull: c => c.enqueue(1),
      async cancel() {
        await settle()
        clean = true
      },
    })
    const failing = sink<number>(() => {
      throw error
    })
    const result = source.pipeTo(failing).catch(reason => [reason, clean])
    expect(await soon(result)).toEqual({ value: [error, true] })
  })

  it.each(['source', 'function'])('leaves the sink errored when the %s fails', async who => {
    const end = sink<number>(() => {
      if (who === 'function') throw error
    })
    const source = new Flow<number>({
      pull(controller) {
        if (who === 'source') controller.error(error)
        else controller.enqueue(1)
      },
    })
    expect(await soon(source.pipeTo(end))).toEqual({ error })
    expect(await soon(end.getWriter().closed)).toEqual({ error })
  })
})

describe('writer.write()', () => {
  it('resolves once the stages behind have worked on the chunk, although nobody wants the next one', async () => {
    const first = map((n: number) => n)
    const writer = first.writable.getWriter()
    const reader = first.readable.pipeThrough(map(async n => n)).getReader()
    const read = reader.read()
    await settle()
    expect(await soon(writer.write(1))).toEqual({ value: undefined })
    expect(await read).toEqual({ done: false, value: 1 })
  })
})
