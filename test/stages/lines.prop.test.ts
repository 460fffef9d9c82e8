import fc from 'fast-check'
import { from, lines, ndjson, RecordError, text, toArray, toNdjson } from 'sluice'
import { describe, expect, it } from 'vitest'
import { cut } from '../setup/cut.ts'
import { runs } from '../setup/runs.ts'

/** Line ends, their halves, and characters of one to four bytes. */
const written = fc
  .array(fc.constantFrom('\n', '\r\n', '\r', 'a', 'é', '€', '😀', '\ufeff', ' ', '"'), { maxLength: 60 })
  .map(parts => parts.join(''))

const cuts = fc.array(fc.nat(), { maxLength: 12 })
/** As with `Response.text()`, a byte order mark goes. */
const decoded = (string: string) => new TextDecoder().decode(new TextEncoder().encode(string))

function linesOf(all: string): string[] {
  const parts = all.split('\n')
  const last = parts.pop()
  return [...parts.map(line => line.replace(/\r$/, '')), ...(last ? [last] : [])]
}

/** In both kinds of chunks, with what each of them means. */
async function bothWays(
  string: string,
  at: number[],
  law: (chunks: (string | Uint8Array)[], whole: string) => Promise<void>,
): Promise<void> {
  await law(cut(string, at), decoded(string))
  await law(cut(new TextEncoder().encode(string), at), decoded(string))
}

const runsOf = { numRuns: runs(200) }

describe('lines()', () => {
  it('gives the lines of the whole, however it is cut', () =>
    fc.assert(
      fc.asyncProperty(written, cuts, (string, at) =>
        bothWays(string, at, async (chunks, whole) => {
          expect(await toArray(from(chunks).pipeThrough(lines()))).toEqual(linesOf(whole))
        }),
      ),
      runsOf,
    ))

  it('fails at the first line that is too long, behind those before it, however it is cut', () =>
    fc.assert(
      fc.asyncProperty(written, cuts, fc.integer({ min: 1, max: 4 }), (string, at, maxLength) =>
        bothWays(string, at, async (chunks, whole) => {
          const all = linesOf(whole)
          const bad = all.findIndex(line => line.length > maxLength)
          const seen: string[] = []
          const stage = lines({ maxLength })
          const end = await from(chunks)
            .pipeThrough(stage)
            .pipeTo(new WritableStream({ write: line => void seen.push(line) }))
            .catch((error: unknown) => error)
          expect(seen).toEqual(bad === -1 ? all : all.slice(0, bad))
          if (bad === -1) expect(end).toBe(undefined)
          else {
            expect(end).toBeInstanceOf(RecordError)
            expect(end).toMatchObject({ code: 'ERR_RECORD_TOO_LONG', stage: 'lines', record: bad + 1 })
          }
        }),
      ),
      runsOf,
    ))
})

describe('text()', () => {
  it('gives the text of the whole, as a stage and as a collector', () =>
    fc.assert(
      fc.asyncProperty(written, cuts, (string, at) =>
        bothWays(string, at, async (chunks, whole) => {
          const pieces = await toArray(from(chunks).pipeThrough(text()))
          expect(pieces.join('')).toBe(whole)
          expect(pieces).not.toContain('')
          expect(await text(from(chunks))).toBe(whole)
        }),
      ),
      runsOf,
    ))
})

describe('ndjson()', () => {
  it('gives back what toNdjson() wrote, however it is cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 10 }),
        cuts,
        async (values, at) => {
          const whole = await text(from(values).pipeThrough(toNdjson()))
          const expected = values.map(value => JSON.parse(JSON.stringify(value)))
          await bothWays(whole, at, async chunks => {
            expect(await toArray(from(chunks).pipeThrough(ndjson()))).toEqual(expected)
          })
        },
      ),
      runsOf,
    ))

  it('names the bad line, behind the values before it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('1', '{"a":2}', '', '  ', '\r', '{', 'x', '[1', '"é"'), { maxLength: 12 }),
        cuts,
        (all, at) =>
          bothWays(all.map(line => `${line}\n`).join(''), at, async chunks => {
            const isBad = (line: string) => ['{', 'x', '[1'].includes(line)
            const bad = all.findIndex(isBad)
            const values = (some: string[]) => some.filter(line => line.trim()).map(line => JSON.parse(line))
            const seen: unknown[] = []
            const end = await from(chunks)
              .pipeThrough(ndjson())
              .pipeTo(new WritableStream({ write: value => void seen.push(value) }))
              .catch((error: unknown) => error)
            expect(seen).toEqual(values(bad === -1 ? all : all.slice(0, bad)))
            if (bad !== -1) {
              expect(end).toMatchObject({
                name: 'RecordError',
                code: 'ERR_RECORD_INVALID',
                record: bad + 1,
                excerpt: all[bad],
                cause: { name: 'SyntaxError' },
              })
            }
            expect(await toArray(from(chunks).pipeThrough(ndjson({ onError: 'skip' })))).toEqual(
              values(all.filter(line => !isBad(line))),
            )
          }),
      ),
      runsOf,
    ))
})
