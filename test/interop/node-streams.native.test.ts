import { Duplex, PassThrough, pipeline, Readable, Writable } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import { from, map, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { seamContract } from './seam-suite.ts'
import { still } from './still.ts'

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>
const pass = () => map((chunk: Uint8Array<ArrayBuffer>) => chunk)
const open = new Set<Readable | Writable>()
/** Until Node has closed it. */
function kept<S extends Readable | Writable>(stream: S): S {
  open.add(stream)
  stream.once('close', () => open.delete(stream))
  return stream
}
async function leftovers(): Promise<readonly string[]> {
  await still(() => open.size, { until: 0 })
  const names = [...open].map(stream => stream.constructor.name)
  open.clear()
  return names
}
/** Node's types have streams of their own. */
const readableOf = (flow: Bytes) => kept(Readable.fromWeb(flow as never))
const noop = () => {}
/** What goes wrong shows at the other end. */
const piped = (flow: Bytes, writable: WritableStream) => void flow.pipeTo(writable).catch(noop)

seamContract({
  row: 'fromReadable',
  open: flow => from(readableOf(flow)) as Bytes,
  errors: 'the same',
  reasons: 'nothing',
  leftovers,
})

seamContract({
  row: 'readableToWeb',
  open: flow => Readable.toWeb(readableOf(flow)) as unknown as Bytes,
  errors: 'the same',
  reasons: 'the same',
  leftovers,
})

seamContract({
  row: 'readableToWebBounded',
  open: flow =>
    Readable.toWeb(readableOf(flow), {
      strategy: new CountQueuingStrategy({ highWaterMark: 1 }),
    } as never) as unknown as Bytes,
  errors: 'the same',
  reasons: 'the same',
  leftovers,
})

seamContract({
  row: 'writableToWeb',
  open: flow => {
    const node = kept(new PassThrough())
    piped(flow, Writable.toWeb(node) as WritableStream)
    return from(node) as Bytes
  },
  errors: 'the same',
  reasons: 'nothing',
  leftovers,
})

seamContract({
  row: 'pipelineOfFlow',
  open: flow => from(pipeline(flow, new PassThrough(), noop)) as Bytes,
  errors: 'the same',
  reasons: 'nothing',
})

seamContract({
  row: 'pipelineFromWeb',
  open: flow => from(pipeline(readableOf(flow), kept(new PassThrough()), noop)) as Bytes,
  errors: 'the same',
  reasons: 'nothing',
  leftovers,
})

seamContract({
  row: 'writableFromWeb',
  open: flow => {
    const stage = pass()
    pipeline(readableOf(flow), kept(Writable.fromWeb(stage.writable as never)), noop)
    return stage.readable
  },
  errors: 'the same',
  reasons: 'the same',
  leftovers,
})

seamContract({
  row: 'duplexToWeb',
  open: flow =>
    flow.pipeThrough(Duplex.toWeb(kept(new PassThrough())) as unknown as ReadableWritablePair) as Bytes,
  errors: 'the same',
  reasons: 'the same',
  leftovers,
})

seamContract({
  row: 'duplexFromWeb',
  open: flow => from(pipeline(readableOf(flow), kept(Duplex.fromWeb(pass() as never)), noop)) as Bytes,
  errors: 'the same',
  reasons: 'nothing',
  leftovers,
})

seamContract({
  row: 'zlib',
  open: flow => from(pipeline(readableOf(flow), kept(createGzip()), kept(createGunzip()), noop)) as Bytes,
  errors: 'the same',
  reasons: 'nothing',
  leftovers,
})

describe('a Node stream of objects', () => {
  it('is a source and a sink like any other', async () => {
    const seen: unknown[] = []
    const sink = new Writable({
      objectMode: true,
      write(item, _encoding, done) {
        seen.push(item)
        done()
      },
    })
    const items = [{ n: 1 }, { n: 2 }]
    await from(Readable.from(items))
      .pipeThrough(map(({ n }) => n * 2))
      .pipeTo(Writable.toWeb(sink) as WritableStream<number>)
    expect(seen).toEqual([2, 4])
    expect(await toArray(Readable.toWeb(Readable.from(items)) as ReadableStream)).toEqual(items)
  })
})
