import { from, sink, text } from 'sluice'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { platform } from '../setup/platform.ts'
import { contents, heldOfFile } from './held-of-file.ts'
import { record } from './measured.ts'
import { rows } from './rows.ts'
import { CHUNK, countedSource, wholeOf } from './source.ts'

type Chunk = Uint8Array<ArrayBuffer>
interface SyncHandle {
  write(chunk: Chunk, options: { at: number }): number
  read(into: Chunk, options: { at: number }): number
  flush(): void
  close(): void
}
interface Handle {
  getFile(): Promise<File>
  createWritable(): Promise<WritableStream<Chunk>>
  createSyncAccessHandle(): Promise<SyncHandle>
}
interface Folder {
  getFileHandle(name: string, options: { create: boolean }): Promise<Handle>
  removeEntry(name: string): Promise<void>
}

const reading = rows.opfsFile
const writing = rows.opfsWritable
const missing = ['chromium', 'firefox'].includes(platform()) ? undefined : 'about files of a browser (OPFS)'

describe('a file of the browser’s (OPFS)', () => {
  let folder: Folder
  beforeAll(async () => {
    if (missing === undefined) folder = (await navigator.storage.getDirectory()) as unknown as Folder
  })
  let files = 0
  /** The browser refuses to remove a file that something has open still. */
  const test = (name: string, run: (handle: Handle) => Promise<void>, lacking = missing) =>
    it(name, async ({ skip }) => {
      skip(lacking !== undefined, lacking)
      const path = `${'document' in globalThis ? 'window' : 'worker'}-${files++}`
      await run(await folder.getFileHandle(path, { create: true }))
      await folder.removeEntry(path)
    })

  test('is written through stages, and read through them', async handle => {
    await countedSource(40).flow.pipeTo(await handle.createWritable())
    expect(await text((await handle.getFile()).stream())).toBe(new TextDecoder().decode(wholeOf(40)))
  })

  test('is left as it was when the source fails', async handle => {
    const error = new Error('no more')
    const source = countedSource(3, { failure: { error } })
    await expect(source.flow.pipeTo(await handle.createWritable())).rejects.toBe(error)
    expect((await handle.getFile()).size).toBe(0)
  })

  const ofWorkers = missing ?? ('document' in globalThis ? 'about workers' : undefined)

  test(
    `${reading.counterpart}: at most ${reading.bound} chunks are ahead of a consumer that has stopped`,
    async handle => {
      const { before, after } = contents(reading.bound)
      const write = async (bytes: Chunk) => {
        const access = await handle.createSyncAccessHandle()
        access.write(bytes, { at: 0 })
        access.flush()
        access.close()
      }
      await write(before)
      const ahead = await heldOfFile((await handle.getFile()).stream(), () => write(after))
      record('opfsFile', ahead)
      expect(ahead).toBeLessThanOrEqual(reading.bound)
    },
    // Only they can write into a file while somebody has it.
    ofWorkers,
  )

  test(`${writing.counterpart}: the source is at most ${writing.bound} chunks ahead of what is written`, async handle => {
    const source = countedSource(100)
    const { write } = WritableStreamDefaultWriter.prototype
    let written = 0
    let ahead = 0
    const watched = vi
      .spyOn(WritableStreamDefaultWriter.prototype, 'write')
      .mockImplementation(async function (this: WritableStreamDefaultWriter, chunk) {
        ahead = Math.max(ahead, source.given - written)
        await write.call(this, chunk)
        written++
      })
    try {
      await source.flow.pipeTo(await handle.createWritable())
    } finally {
      watched.mockRestore()
    }
    expect(written).toBe(100)
    record('opfsWritable', ahead)
    expect(ahead).toBeLessThanOrEqual(writing.bound)
  })

  test(
    'is written and read without waiting by a worker (createSyncAccessHandle)',
    async handle => {
      const access = await handle.createSyncAccessHandle()
      let at = 0
      await countedSource(40).flow.pipeTo(
        sink((chunk: Chunk) => {
          at += access.write(chunk, { at })
        }),
      )
      access.flush()
      const read = function* () {
        for (let from = 0; from < at; ) {
          const chunk = new Uint8Array(CHUNK)
          from += access.read(chunk, { at: from })
          yield chunk
        }
      }
      expect(await text(from(read))).toBe(new TextDecoder().decode(wholeOf(40)))
      access.close()
    },
    ofWorkers,
  )
})
