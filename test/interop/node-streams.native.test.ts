import { Duplex, PassThrough, pipeline, Readable, Writable } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import { from, map, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { seamContract } from './seam-suite.ts'

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>
const pass = () => map((chunk: Uint8Array<ArrayBuffer>) => chunk)
/** Node's types have streams of their own. */
const readableOf = (flow: Bytes) => Readable.fromWeb(flow as never)
const noop = () => {}
/** What goes wrong shows at the other end. */
const piped = (flow: Bytes, writable: WritableStream) => void flow.pipeTo(writable).catch(noop)

seamContract({
  row: 'fromReadable',
  open: flow => from(readableOf(flow)) as Bytes,
  errors: 'the same',
  reasons: 'nothing',
})

seamContract({
  row: 'readableToWeb',
  open: flow => Readable.toWeb(readableOf(flow)) as unknown as Bytes,
  errors: 'the same',
  reasons: 'the same',
})

seamContract({
  row: 'readableToWebBounded',
  open: flow =>
    Readable.toWeb(readableOf(flow), {
      strategy: new CountQueuingStrategy({ highWaterMark: 1 }),
    } as never) as unknown as Bytes,
  errors: 'the same',
  reasons: 'the same',
})

seamContract({
  row: 'writableToWeb',
  open: flow => {
    const node = new PassThrough()
    piped(flow, Writable.toWeb(node) as WritableStream)
    return from(node) as Bytes
  },
  errors: 'the same',
  reasons: 'nothing',
})

seamContract({
  row: 'pipelineOfFlow',
  open: flow => from(pipeline(flow, new PassThrough(), noop)) as Bytes,
  errors: 'the same',
  reasons: 'nothing',
})

seamContract({
  row: 'pipelineFromWeb',
  open: flow => from(pipeline(readableOf(flow), new PassThrough(), noop)) as Bytes,
  errors: 'the same',
  reasons: 'nothing',
})

seamContract({
  row: 'writableFromWeb',
  open: flow => {
    const stage = pass()
    pipeline(readableOf(flow), Writable.fromWeb(stage.writable as never), noop)
    return stage.readable
  },
  errors: 'the same',
  reasons: 'the same',
})

seamContract({
  row: 'duplexToWeb',
  open: flow => flow.pipeThrough(Duplex.toWeb(new PassThrough()) as unknown as ReadableWritablePair) as Bytes,
  errors: 'the same',
  reasons: 'the same',
})

seamContract({
  row: 'duplexFromWeb',
  open: flow => from(pipeline(readableOf(flow), Duplex.fromWeb(pass() as never), noop)) as Bytes,
  errors: 'the same',
  reasons: 'nothing',
})

seamContract({
  row: 'zlib',
  open: flow => from(pipeline(readableOf(flow), createGzip(), createGunzip(), noop)) as Bytes,
  errors: 'the same',
  reasons: 'nothing',
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
