import { existsSync, readFileSync } from 'node:fs'
import { type FileHandle, open, writeFile } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { from, lines, map, text, toArray } from 'sluice'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { record } from './measured.ts'
import { scratch } from './named-pipe.ts'
import { rows } from './rows.ts'
import { CHUNK, countedSource, wholeOf } from './source.ts'
import { still } from './still.ts'

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>
const { counterpart, bound } = rows.fileHandle
// Without the type, `fileHandle.close()` after a cancel never settles, or ends the process: on Node 20 to 26.
const webStream = (file: FileHandle): Bytes =>
  file.readableWebStream({ type: 'bytes' } as never) as unknown as Bytes

describe(counterpart, () => {
  const files = scratch()
  const path = files.at('data')
  beforeAll(() => writeFile(path, wholeOf(600)))
  afterEach(async () => expect(await files.leftovers()).toEqual([]))
  afterAll(files.remove)

  it('is read through stages, and written through them', async () => {
    const out = await open(files.at('out'), 'w')
    await countedSource(40).flow.pipeTo(Writable.toWeb(out.createWriteStream()) as WritableStream)
    const back = await open(files.at('out'))
    expect(await text(webStream(back))).toBe(new TextDecoder().decode(wholeOf(40)))
    await back.close()
    await writeFile(files.at('lines'), 'one\ntwo\n')
    const listed = await open(files.at('lines'))
    expect(await toArray(webStream(listed).pipeThrough(lines()))).toEqual(['one', 'two'])
    await listed.close()
  })

  it('passes the error of a source on to the file, which is closed', async () => {
    const error = new Error('no more')
    const out = (await open(files.at('half'), 'w')).createWriteStream()
    const written = countedSource(3, { failure: { error } }).flow.pipeTo(
      Writable.toWeb(out) as WritableStream,
    )
    await expect(written).rejects.toBe(error)
    await still(() => Number(out.closed), { until: 1 })
    expect(out.closed).toBe(true)
  })

  it(`is at most ${bound} chunks ahead of a consumer that has stopped, and is let go of`, async () => {
    const file = await open(path)
    const info = `/proc/self/fdinfo/${file.fd}`
    const position = () =>
      existsSync(info) ? Number(/pos:\s+(\d+)/.exec(readFileSync(info, 'utf8'))?.[1]) : 0
    const stream = webStream(file)
    const reader = from(stream)
      .pipeThrough(map(chunk => chunk))
      .getReader()
    let bytes = 0
    for (let reads = 0; reads < 3; reads++) bytes += (await reader.read()).value?.byteLength ?? 0
    const ahead = () => Math.ceil((position() - bytes) / CHUNK)
    await still(ahead, { limit: bound })
    record('fileHandle', ahead())
    expect(ahead()).toBeLessThanOrEqual(bound)
    const reason = new Error('enough')
    await reader.cancel(reason)
    await still(() => Number(stream.locked), { until: 0 })
    expect(stream.locked).toBe(false)
    await file.close()
  })
})
