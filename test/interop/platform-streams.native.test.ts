import { from, lines, map, text, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { outcome } from '../contract/probe.ts'
import { platform } from '../setup/platform.ts'
import { seamContract } from './seam-suite.ts'
import { chunkAt, countedSource } from './source.ts'
import { still } from './still.ts'

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>
/** Those that keep this process, where a Node tells. */
const ports = (): readonly string[] => {
  const { process } = globalThis as { process?: { getActiveResourcesInfo?(): readonly string[] } }
  return process?.getActiveResourcesInfo?.().filter(name => name === 'MessagePort') ?? []
}
const bun = 'Bun' in globalThis

seamContract({
  row: 'response',
  open: flow => new Response(flow).body as Bytes,
  errors: 'the same',
  reasons: 'the same',
})

seamContract({
  row: 'request',
  open: flow =>
    new Request('http://localhost/', { method: 'POST', body: flow, duplex: 'half' } as RequestInit)
      .body as Bytes,
  errors: 'the same',
  reasons: 'the same',
})

seamContract({
  row: 'compression',
  open: flow =>
    flow.pipeThrough(new CompressionStream('gzip')).pipeThrough(new DecompressionStream('gzip')) as Bytes,
  errors: 'the same',
  reasons: 'the same',
})

seamContract({
  row: 'codec',
  open: flow => flow.pipeThrough(new TextDecoderStream()).pipeThrough(new TextEncoderStream()) as Bytes,
  errors: 'the same',
  reasons: 'the same',
})

seamContract({
  row: 'port',
  open: async flow => {
    const { port1, port2 } = new MessageChannel()
    const received = new Promise<Bytes>(resolve => {
      port2.onmessage = ({ data }) => resolve(data)
    })
    port1.postMessage(flow, [flow])
    const stream = await received
    port1.close()
    port2.close()
    return stream
  },
  errors: 'another',
  reasons: 'another',
  async leftovers() {
    await still(() => ports().length, { until: 0 })
    return ports()
  },
  missing: bun ? 'Bun does not transfer streams' : undefined,
})

describe('Blob and File', () => {
  const file = () => new File([chunkAt(0), 'a\nb\n', chunkAt(1)], 'data.txt')

  it('are read through stages', async () => {
    expect(await text(file().stream())).toBe(await file().text())
    expect(await toArray(file().stream().pipeThrough(lines()))).toHaveLength(3)
  })

  it('are made of flows', async () => {
    const made = await new Response(countedSource(5).flow).blob()
    expect(made.size).toBe(5 * 16_384)
    expect(new Uint8Array(await made.arrayBuffer())).toEqual(
      new Uint8Array(await new Blob(Array.from({ length: 5 }, (_, n) => chunkAt(n))).arrayBuffer()),
    )
  })

  it('are not made of a flow that fails: its very error comes, in browsers one of theirs', async () => {
    const error = new Error('no more')
    const source = countedSource(3, { failure: { error } })
    const result = await outcome(new Response(source.flow).blob())
    if (['chromium', 'firefox'].includes(platform())) expect(result).toHaveProperty('error.message')
    else expect(result).toEqual({ error })
  })

  it('are let go of by a consumer that leaves', async () => {
    const stream = file().stream()
    for await (const chunk of stream.pipeThrough(map(chunk => chunk.length))) {
      expect(chunk).toBeGreaterThan(0)
      break
    }
    // The platform's own pipe lets go of it a little later.
    await still(() => Number(stream.locked), { until: 0 })
    expect(await toArray(stream)).toEqual([])
  })
})

describe('fetch of a blob: URL', () => {
  it('gives its body to stages', async () => {
    const url = URL.createObjectURL(new Blob(['one\ntwo\n']))
    const { body } = await fetch(url)
    expect(await toArray(from(body as Bytes).pipeThrough(lines()))).toEqual(['one', 'two'])
    URL.revokeObjectURL(url)
  })
})
