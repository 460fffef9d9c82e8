import { map, type Stage } from 'sluice'
import { describe, expect, it, vi } from 'vitest'
import { sourceEntries } from './enrolled-sources.ts'
import { stageEntries } from './enrolled-stages.ts'
import { endless, KINDS, outcome, probe, readAll } from './probe.ts'

// What only the platform's own streams can do.

const inputs = (entry: { input?: (n: number) => unknown }) =>
  Array.from({ length: 6 }, (_, n) => entry.input?.(n) ?? n)
const encode = () => map((item: unknown) => new TextEncoder().encode(`${JSON.stringify(item)}\n`))
const encoded = (items: unknown[]) => items.map(item => `${JSON.stringify(item)}\n`).join('')
const transferred = <T>(stream: ReadableStream<T>) => structuredClone(stream, { transfer: [stream as never] })

for (const entry of stageEntries) {
  const model = entry.model ?? (items => items)
  describe.each(KINDS)(`${entry.symbol}() ${entry.variant ?? ''} after a %s source`, kind => {
    const flow = () => probe(kind, inputs(entry)).stream.pipeThrough(entry.make() as Stage<unknown, unknown>)

    it('is the body of a Response', async () => {
      const text = new Response(flow().pipeThrough(encode())).text()
      expect(await outcome(text)).toEqual({ value: encoded(model(inputs(entry))) })
    })

    it('gives its items after its flow was transferred', async () => {
      expect(await outcome(readAll(transferred(flow())))).toEqual({
        value: { items: model(inputs(entry)), failed: false },
      })
    })
  })

  describe(`${entry.symbol}() ${entry.variant ?? ''}`, () => {
    it('hands a cancel back through a transfer', async () => {
      const up = probe(
        'fused',
        endless(n => entry.input?.(n) ?? n),
      )
      const far = transferred(up.stream.pipeThrough(entry.make() as Stage<unknown, unknown>))
      await far.cancel('enough')
      // Through the platform's messages, which take a browser as long as they take.
      await vi.waitFor(() => expect(up.closed).toEqual(['enough']), { timeout: 10_000, interval: 5 })
    })

    it('never loses its operator when the stage itself is transferred: it throws and stays usable, or works', async () => {
      let stage = entry.make() as TransformStream<unknown, unknown>
      const transfer = () => structuredClone(stage, { transfer: [stage as never] })
      if (entry.platform) stage = transfer()
      else expect(transfer).toThrow()
      const flow = probe('fused', inputs(entry)).stream.pipeThrough(stage)
      expect(await outcome(readAll(flow))).toEqual({
        value: { items: model(inputs(entry)), failed: false },
      })
    })

    it('throws when the stage is cloned', () => {
      expect(() => structuredClone(entry.make())).toThrow()
    })
  })
}

for (const entry of sourceEntries.filter(({ ends }) => ends)) {
  describe(`${entry.symbol}() ${entry.variant ?? ''}`, () => {
    it('is the body of a Response', async () => {
      const text = new Response(entry.open({}).flow.pipeThrough(encode())).text()
      expect(await outcome(text)).toEqual({ value: '0\n1\n2\n' })
    })

    it('gives its items after it was transferred', async () => {
      expect(await outcome(readAll(transferred(entry.open({}).flow)))).toEqual({
        value: { items: [0, 1, 2], failed: false },
      })
    })

    it('goes through CompressionStream', async () => {
      const bytes = entry.open({}).flow.pipeThrough(encode()) as ReadableStream<Uint8Array<ArrayBuffer>>
      const back = bytes
        .pipeThrough(new CompressionStream('gzip'))
        .pipeThrough(new DecompressionStream('gzip'))
      expect(await new Response(back).text()).toBe('0\n1\n2\n')
    })
  })
}
