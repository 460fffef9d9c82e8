import { from, RecordError, text, toArray } from 'sluice'
import { csv, toCsv } from 'sluice/csv'
import { describe, expect, it, vi } from 'vitest'

const failure = (stream: ReadableStream) => toArray(stream).catch((error: unknown) => error)

describe('csv()', () => {
  it('makes objects, of names of its own too, or arrays', async () => {
    const file = () => from(['a,b\n1,2\n\n3,4'])
    expect(await toArray(file().pipeThrough(csv()))).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ])
    expect(await toArray(file().pipeThrough(csv({ header: ['x', 'y'] })))).toHaveLength(3)
    expect(await toArray(file().pipeThrough(csv({ header: false })))).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ])
  })

  it.each([
    ['a,b\n1,2\n3\n', 3, /record 3: 1 fields, and not as many as the header/],
    ['a,b\n1,2,3\n', 2, /record 2: 3 fields/],
    ['a,b\n1,"2"3\n', 2, /record 2: Trailing quote/],
    ['a,b\n1,"2', 2, /record 2: Quoted field unterminated/],
    ['a,b,a\n', 1, /record 1: the header has two fields "a"/],
  ])('fails at the record that is wrong: %j', async (file, record, message) => {
    const error = await failure(from([file]).pipeThrough(csv()))
    expect(error).toBeInstanceOf(RecordError)
    expect(error).toMatchObject({
      code: 'ERR_RECORD_INVALID',
      record,
      message: expect.stringMatching(message),
    })
  })

  it('does not let a quote that is never closed fill the memory', async () => {
    let pulled = 0
    const endless = function* () {
      yield 'a\n"'
      for (;;) {
        pulled++
        yield 'x'.repeat(1000)
      }
    }
    const error = await failure(from(endless).pipeThrough(csv({ maxLength: 10_000 })))
    expect(error).toMatchObject({ code: 'ERR_RECORD_TOO_LONG', record: 2 })
    expect(pulled).toBeLessThanOrEqual(12)
  })

  it('looks once for the line end of a first record that comes in small chunks', async () => {
    const looks = vi.spyOn(String.prototype, 'charCodeAt')
    try {
      await toArray(from(new Array(500).fill('abcd')).pipeThrough(csv()))
      expect(looks.mock.calls.length).toBeLessThan(2 * 500 * 'abcd'.length)
    } finally {
      looks.mockRestore()
    }
  })

  it('does not read a long record from its beginning at each of many small chunks', async () => {
    const field = 'a long field,\n'.repeat(150_000)
    const file = `id,text\n1,"${field}"\n2,b\n`
    const chunks = Array.from({ length: Math.ceil(file.length / 4096) }, (_, at) =>
      file.slice(at * 4096, (at + 1) * 4096),
    )
    let searched = 0
    const { indexOf } = String.prototype
    const search = vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (
      this: string,
      ...given
    ) {
      const found = indexOf.apply(this, given)
      // Papaparse's own, for the end of a quoted field.
      if (given[0] === '"') searched += (found < 0 ? this.length : found) - (given[1] ?? 0)
      return found
    })
    try {
      expect(await toArray(from(chunks).pipeThrough(csv()))).toEqual([
        { id: '1', text: field },
        { id: '2', text: 'b' },
      ])
    } finally {
      search.mockRestore()
    }
    expect(searched).toBeGreaterThan(file.length)
    expect(searched).toBeLessThan(40 * file.length)
  })

  it.each([
    ['strings', ['\ufeffid\n', '\ufeff1\n']],
    ['strings with a quote', ['', '\ufeff"id"\n', '\ufeff1\n']],
    ['bytes', ['\ufeffid\n', '\ufeff1\n'].map(chunk => new TextEncoder().encode(chunk))],
    ['bytes behind a string', ['', '\ufeffid\n', new TextEncoder().encode('\ufeff1\n')]],
  ])('leaves out the byte order mark at the beginning, and no other one: %s', async (_, chunks) => {
    expect(await toArray(from<string | Uint8Array>(chunks).pipeThrough(csv()))).toEqual([{ id: '\ufeff1' }])
  })

  it('takes a field named __proto__ for one', async () => {
    const [row] = await toArray(from(['__proto__,b\n1,2\n']).pipeThrough(csv()))
    expect(Object.entries(row as object)).toEqual([
      ['__proto__', '1'],
      ['b', '2'],
    ])
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
  })

  it('reads other delimiters, quotes and comments', async () => {
    const file = from(['# made by hand\na;b\n', "'1;1';2\n"])
    expect(await toArray(file.pipeThrough(csv({ delimiter: ';', quote: "'", comments: '#' })))).toEqual([
      { a: '1;1', b: '2' },
    ])
  })

  it.each([{ delimiter: '' }, { delimiter: '\n' }, { quote: 'ab' }, { maxLength: 0 }])(
    'refuses %j',
    options => {
      expect(() => csv(options)).toThrow(RangeError)
    },
  )
  it('refuses a header that is none', () => {
    expect(() => csv({ header: 'a,b' as never })).toThrow(TypeError)
  })

  it('says what to install when papaparse is missing, once a chunk comes', async () => {
    vi.doMock('papaparse', () => {
      throw new Error('Cannot find package')
    })
    try {
      const message = 'csv: CSV needs the package papaparse: npm install papaparse'
      expect(await failure(from(['a\n']).pipeThrough(csv()))).toMatchObject({ message })
      expect(await failure(from([{ a: 1 }]).pipeThrough(toCsv()))).toMatchObject({
        message: message.replace('csv', 'toCsv'),
      })
      expect(await toArray(from([]).pipeThrough(csv()))).toEqual([])
    } finally {
      vi.doUnmock('papaparse')
    }
  })
})

describe('toCsv()', () => {
  it('writes columns, delimiters and formulae as asked', async () => {
    const rows = () =>
      from([
        { a: 1, b: '=1+1' },
        { b: null, a: new Date(0) },
      ])
    expect(
      await text(rows().pipeThrough(toCsv({ columns: ['b', 'a'], delimiter: ';', escapeFormulae: true }))),
    ).toBe(`b;a\r\n"'=1+1";1\r\n;1970-01-01T00:00:00.000Z\r\n`)
    expect(await text(rows().pipeThrough(toCsv({ header: false })))).not.toContain('a')
    expect(await text(from([[1, 'x,y']]).pipeThrough(toCsv()))).toBe('1,"x,y"\r\n')
  })

  it('writes the header of given columns where there are no items, or none that can be written', async () => {
    const columns = ['id', 'full name', 'a,b']
    const header = 'id,full name,"a,b"\r\n'
    expect(await text(from([]).pipeThrough(toCsv({ columns })))).toBe(header)
    const bad = toCsv({ columns, onError: 'skip' })
    expect(await text(from([1 as never]).pipeThrough(bad))).toBe(header)
    expect(await text(from([{ id: 1 }, { id: 2 }]).pipeThrough(toCsv({ columns })))).toBe(
      `${header}1,,\r\n2,,\r\n`,
    )
    expect(await text(from([]).pipeThrough(toCsv({ columns, header: false })))).toBe('')
    expect(await text(from([]).pipeThrough(toCsv()))).toBe('')
    const error = new Error('no more')
    const fails = new ReadableStream({ start: controller => controller.error(error) })
    const seen: unknown[] = []
    const piped = from(fails)
      .pipeThrough(toCsv({ columns }))
      .pipeTo(new WritableStream({ write: chunk => void seen.push(chunk) }))
    await expect(piped).rejects.toBe(error)
    expect(seen).toEqual([])
  })

  it.each([undefined, ['id', 'note']])(
    'writes the header before the first record that can be written: columns %s',
    async columns => {
      const unwritable = {
        toString() {
          throw new Error('no text')
        },
      }
      const rows = [
        { id: 1, note: unwritable },
        { id: 2, note: 'b' },
      ]
      const stage = toCsv({ onError: 'skip', ...(columns && { columns }) })
      expect(await text(from<object>(rows).pipeThrough(stage))).toBe('id,note\r\n2,b\r\n')
    },
  )

  it('counts what it wrote', async () => {
    const stage = toCsv({ columns: ['a'] })
    await text(from([{ a: 1 }, { a: 2 }]).pipeThrough(stage))
    expect(stage.stats()).toMatchObject({ name: 'toCsv', emitted: 2, received: 2 })
  })

  it('writes a record of one empty field as one that is no blank line', async () => {
    expect(await text(from([{ a: null }, { a: 'x' }, { a: '' }]).pipeThrough(toCsv()))).toBe(
      'a\r\n""\r\nx\r\n""\r\n',
    )
    expect(await text(from([['']]).pipeThrough(toCsv({ quote: "'" })))).toBe("''\r\n")
    expect(await text(from([['', '']]).pipeThrough(toCsv()))).toBe(',\r\n')
  })

  it.each([1, null, 'a'])('fails on %j', async item => {
    expect(await failure(from([item as never]).pipeThrough(toCsv()))).toBeInstanceOf(TypeError)
  })
})
