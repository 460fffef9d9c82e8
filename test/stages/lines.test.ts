import { block, explain, from, lines, ndjson, range, text, toArray, toNdjson } from 'sluice'
import { describe, expect, it } from 'vitest'
import { settle, soon } from '../contract/probe.ts'

const bytes = (string: string) => new TextEncoder().encode(string)
const failure = (stream: ReadableStream) => toArray(stream).catch((error: unknown) => error)
// A lone continuation byte, and the first two bytes of €.
const BROKEN = [Uint8Array.of(0x80), Uint8Array.of(0xe2, 0x82)]

describe('lines()', () => {
  it('takes a chunk only when a line of it may be wanted', async () => {
    const pulled: number[] = []
    const source = function* () {
      for (let n = 0; n < 9; n++) {
        pulled.push(n)
        yield `${n}a\n${n}b\n`
      }
    }
    const reader = from(source).pipeThrough(lines()).getReader()
    for (const line of ['0a', '0b']) expect((await reader.read()).value).toBe(line)
    await settle()
    expect(pulled).toEqual([0])
    expect((await reader.read()).value).toBe('1a')
    expect(pulled).toEqual([0, 1])
    await reader.cancel()
  })

  it('has finished with a chunk when its last line has been taken', async () => {
    const stage = lines()
    const writer = stage.writable.getWriter()
    const reader = stage.readable.getReader()
    const written = writer.write('1\n2\nrest')
    expect((await reader.read()).value).toBe('1')
    expect(await soon(written)).toBe('pending')
    expect((await reader.read()).value).toBe('2')
    expect(await soon(written)).toEqual({ value: undefined })
    const closed = writer.close()
    expect((await reader.read()).value).toBe('rest')
    expect(await soon(closed)).toEqual({ value: undefined })
    expect((await reader.read()).done).toBe(true)
  })

  it('refuses what could become a line of any length, as soon as it is too long', async () => {
    let pulled = 0
    const source = function* () {
      for (;;) {
        pulled++
        yield 'x'.repeat(1000)
      }
    }
    expect(await failure(from(source).pipeThrough(lines({ maxLength: 10_000, name: 'log' })))).toMatchObject({
      code: 'ERR_RECORD_TOO_LONG',
      stage: 'log',
      message: `log: line 1 is longer than 10000 characters: ${'x'.repeat(80)}…`,
    })
    expect(pulled).toBe(11)
  })

  it('lets the event loop turn while it cuts one huge chunk', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const busy = (line: string): string => {
      for (const until = performance.now() + 0.1; performance.now() < until; );
      return line
    }
    const huge = from(['x\n'.repeat(1000)]).pipeThrough(lines())
    for await (const line of huge) busy(line)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(2)
  })

  it('keeps its account in chunks, and its inbox within its bound', async () => {
    const stage = lines({ strategy: block(2) })
    const made = from(['a\nb\n', 'c\n', 'd']).pipeThrough(stage)
    expect(await toArray(made)).toEqual(['a', 'b', 'c', 'd'])
    expect(stage.stats()).toMatchObject({ received: 3, done: 3, emitted: 4, queued: 0 })
  })

  it.each(BROKEN)('with fatal fails on what is no UTF-8, else shows it: %s', async chunk => {
    const source = () => from([bytes('a\n'), chunk])
    expect(await toArray(source().pipeThrough(lines()))).toEqual(['a', '\ufffd'])
    expect(await failure(source().pipeThrough(lines({ fatal: true })))).toBeInstanceOf(TypeError)
    await expect(text(source(), { fatal: true })).rejects.toThrow(TypeError)
    expect(await failure(source().pipeThrough(text({ fatal: true })))).toBeInstanceOf(TypeError)
  })

  it('reads other encodings', async () => {
    const utf16 = Uint8Array.of(0xff, 0xfe, 0x61, 0, 0x0a, 0, 0xac, 0x20)
    const halves = [utf16.subarray(0, 3), utf16.subarray(3, 7), utf16.subarray(7)]
    expect(await toArray(from(halves).pipeThrough(lines({ encoding: 'utf-16le' })))).toEqual(['a', '€'])
    expect(() => lines({ encoding: 'klingon' })).toThrow(RangeError)
  })

  it('takes every kind of bytes', async () => {
    const { buffer } = bytes('1\n')
    const chunks = [
      buffer,
      new DataView(buffer),
      bytes('x4\nx').subarray(1, 3),
      new Uint8ClampedArray(buffer),
    ]
    expect(await toArray(from(chunks).pipeThrough(lines()))).toEqual(['1', '1', '4', '1'])
  })

  it('takes shared memory', async ({ skip }) => {
    skip(!('SharedArrayBuffer' in globalThis), 'about SharedArrayBuffer, which needs an isolated page')
    const shared = new SharedArrayBuffer(2)
    new Uint8Array(shared).set([0x32, 0x0a])
    expect(await toArray(from([shared]).pipeThrough(lines()))).toEqual(['2'])
    expect(await toArray(from([new Uint8Array(shared)]).pipeThrough(lines()))).toEqual(['2'])
    expect(await toArray(from([new DataView(shared, 1), shared]).pipeThrough(lines()))).toEqual(['', '2'])
  })

  it.each([undefined, null, 5, {}, [1]])('fails on a chunk that is no text: %s', async chunk => {
    const error = await failure(from([chunk as never]).pipeThrough(lines()))
    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toContain('lines: a chunk must be bytes or a string, received')
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses maxLength %s', maxLength => {
    expect(() => lines({ maxLength })).toThrow(RangeError)
    expect(() => ndjson({ maxLength })).toThrow('ndjson: maxLength')
  })
})

describe('ndjson()', () => {
  it('asks onError about a bad line, and writes it to deadLetter', async () => {
    const letters: unknown[] = []
    const deadLetter = new WritableStream({ write: letter => void letters.push(letter) })
    const asked: unknown[] = []
    const values = from(['1\n{\n3\n']).pipeThrough(
      ndjson<number, string>({
        name: 'feed',
        deadLetter,
        onError: async (error, line, { index }) => {
          asked.push([(error as Error).message.slice(0, 30), line, index])
          return 'bad'
        },
      }),
    )
    expect(await toArray(values)).toEqual([1, 'bad', 3])
    expect(asked).toEqual([['feed: line 2 is no JSON: {', '{', 1]])
    expect(letters).toMatchObject([{ item: '{', stage: 'feed', error: { code: 'ERR_RECORD_INVALID' } }])
  })

  it('shows up in explain as what it is', async () => {
    const flow = from(['1\n']).pipeThrough(ndjson({ name: 'feed' }))
    expect(explain(flow).stages.map(stage => stage.name)).toContain('feed')
    await flow.cancel()
  })
})

describe('toNdjson()', () => {
  it.each([undefined, () => 1, Symbol('s')])('fails on a value without JSON: %s', async value => {
    expect(await failure(from([value as never]).pipeThrough(toNdjson()))).toBeInstanceOf(TypeError)
  })

  it('passes the error of a toJSON on as it is, or leaves the value out', async () => {
    const error = new Error('no')
    const bad = {
      toJSON() {
        throw error
      },
    }
    expect(await failure(from([bad]).pipeThrough(toNdjson()))).toBe(error)
    expect(await text(from([1, bad, 3]).pipeThrough(toNdjson({ onError: 'skip' })))).toBe('1\n3\n')
  })

  it('makes a Response of rows, and ndjson() rows of its body', async () => {
    const rows = range(0, 1000).pipeThrough(toNdjson())
    const body = new Response(rows).body as ReadableStream<Uint8Array>
    expect(await toArray(body.pipeThrough(ndjson<number>()))).toEqual(await toArray(range(0, 1000)))
  })
})
