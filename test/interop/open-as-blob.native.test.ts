import * as fs from 'node:fs'
import { lines, text, toArray } from 'sluice'
import { afterAll, describe, expect, it } from 'vitest'
import { platform } from '../setup/platform.ts'
import { contents, heldOfFile } from './held-of-file.ts'
import { record } from './measured.ts'
import { scratch } from './named-pipe.ts'
import { type Row, rows } from './rows.ts'
import { wholeOf } from './source.ts'

const { counterpart, bound, broken }: Row = rows.openAsBlob
const fault = broken?.[platform()]
const files = scratch()
afterAll(files.remove)

describe(counterpart, () => {
  it('is read through stages', async () => {
    const path = files.at('data')
    fs.writeFileSync(path, wholeOf(40))
    const blob = await fs.openAsBlob(path)
    expect(await text(blob.stream())).toBe(new TextDecoder().decode(wholeOf(40)))
    fs.writeFileSync(files.at('lines'), 'one\ntwo\n')
    const listed = await fs.openAsBlob(files.at('lines'))
    expect(await toArray(listed.stream().pipeThrough(lines()))).toEqual(['one', 'two'])
    expect(await files.leftovers()).toEqual([])
  })

  const overwrite = (path: string, bytes: Uint8Array) => {
    const file = fs.openSync(path, 'r+')
    fs.writeSync(file, bytes)
    fs.closeSync(file)
  }

  it(`is at most ${bound} chunks ahead of a consumer that has stopped, and is let go of`, async ({
    skip,
  }) => {
    skip(fault !== undefined, fault)
    const path = files.at('long')
    const { before, after } = contents(bound)
    fs.writeFileSync(path, before)
    const ahead = await heldOfFile((await fs.openAsBlob(path)).stream(), () => overwrite(path, after))
    record('openAsBlob', ahead)
    expect(ahead).toBeLessThanOrEqual(bound)
    expect(await files.leftovers()).toEqual([])
  })

  it(`has the whole file before anybody asks: ${fault}`, async ({ skip }) => {
    skip(fault === undefined, 'about a fault of Deno’s')
    const path = files.at('whole')
    const { before, after } = contents(bound)
    fs.writeFileSync(path, before)
    const blob = await fs.openAsBlob(path)
    overwrite(path, after)
    // A platform that mends its fault fails here: then the table is to be mended.
    expect(await text(blob.stream())).toBe(new TextDecoder().decode(before))
    expect(await files.leftovers()).toEqual([])
  })
})
