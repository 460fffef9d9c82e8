import { closeSync, constants, openSync } from 'node:fs'
import { lines, map, sink, text, toArray } from 'sluice'
import { afterAll, describe, expect, it } from 'vitest'
import { scratch } from './named-pipe.ts'
import { seamContract } from './seam-suite.ts'
import { countedSource, wholeOf } from './source.ts'

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>
type Chunk = Uint8Array<ArrayBuffer>
interface FileSink {
  write(chunk: Chunk): unknown
  flush(): unknown
  end(): unknown
}
interface Files {
  file(path: string): { stream(): Bytes; writer(): FileSink }
}

const { Bun } = globalThis as unknown as { readonly Bun?: Files }
const missing = Bun ? undefined : 'about Bun.file'
const files = scratch()
afterAll(files.remove)
const noop = () => {}

/** As the guide has it: both may give a promise, and either may be the one that tells of a failure. */
async function write(flow: Bytes, path: string): Promise<void> {
  const writer = (Bun as Files).file(path).writer()
  try {
    await flow.pipeTo(
      sink(async chunk => {
        await writer.write(chunk)
        await writer.flush()
      }),
    )
  } finally {
    await writer.end()
  }
}

seamContract({
  row: 'bunFile',
  open(flow) {
    // A pipe that nobody has open cannot be opened without waiting, as Bun does.
    const held = openSync(files.pipe, constants.O_RDWR)
    let holding = true
    write(flow, files.pipe).catch(noop)
    return (Bun as Files)
      .file(files.pipe)
      .stream()
      .pipeThrough(
        map((chunk: Chunk) => {
          if (holding) closeSync(held)
          holding = false
          return chunk
        }),
      )
  },
  // The other end of a pipe hears only that it was closed.
  errors: 'nothing: it ends',
  reasons: 'another',
  leftovers: files.leftovers,
  missing,
})

describe('a file of Bun’s', () => {
  it('is written through stages, and read through them', async ({ skip }) => {
    skip(missing !== undefined, missing)
    const { file } = Bun as Files
    const path = files.at('data')
    await write(countedSource(40).flow, path)
    expect(await text(file(path).stream())).toBe(new TextDecoder().decode(wholeOf(40)))
    const encoder = new TextEncoder()
    await write(new Blob([encoder.encode('one\ntwo\n')]).stream() as Bytes, files.at('lines'))
    expect(await toArray(file(files.at('lines')).stream().pipeThrough(lines()))).toEqual(['one', 'two'])
    expect(await files.leftovers()).toEqual([])
  })
})
