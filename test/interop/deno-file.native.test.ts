import { from, lines, map, text, toArray } from 'sluice'
import { afterAll, describe, expect, it } from 'vitest'
import { scratch } from './named-pipe.ts'
import { seamContract } from './seam-suite.ts'
import { countedSource, wholeOf } from './source.ts'

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>
interface DenoFile {
  readonly readable: Bytes
  readonly writable: WritableStream<Uint8Array<ArrayBuffer>>
}
interface Files {
  open(path: string, options: { read?: boolean; write?: boolean; create?: boolean }): Promise<DenoFile>
}

const { Deno } = globalThis as unknown as { readonly Deno?: Files }
const missing = Deno ? undefined : 'about Deno.open'
const files = scratch()
afterAll(files.remove)
const noop = () => {}

seamContract({
  row: 'denoFile',
  async open(flow) {
    const { open } = Deno as Files
    const [far, near] = await Promise.all([
      open(files.pipe, { read: true }),
      open(files.pipe, { write: true }),
    ])
    flow.pipeTo(near.writable).catch(noop)
    return far.readable
  },
  // The other end of a pipe hears only that it was closed.
  errors: 'nothing: it ends',
  reasons: 'another',
  leftovers: files.leftovers,
  missing,
})

describe('a file of Deno’s', () => {
  it('is written through stages, and read through them', async ({ skip }) => {
    skip(missing !== undefined, missing)
    const { open } = Deno as Files
    const path = files.at('data')
    await countedSource(40).flow.pipeTo((await open(path, { write: true, create: true })).writable)
    expect(await text((await open(path, { read: true })).readable)).toBe(
      new TextDecoder().decode(wholeOf(40)),
    )
    const listed = files.at('lines')
    const rows = from(['one\n', 'two\n']).pipeThrough(map(row => new TextEncoder().encode(row)))
    await rows.pipeTo((await open(listed, { write: true, create: true })).writable)
    const { readable } = await open(listed, { read: true })
    expect(await toArray(readable.pipeThrough(lines()))).toEqual(['one', 'two'])
    expect(await files.leftovers()).toEqual([])
  })
})
