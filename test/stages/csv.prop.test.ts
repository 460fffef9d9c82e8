import fc from 'fast-check'
// @ts-expect-error It has no types of its own.
import Papa from 'papaparse'
import { from, text, toArray } from 'sluice'
import { csv, toCsv } from 'sluice/csv'
import { describe, expect, it } from 'vitest'
import { cut } from '../setup/cut.ts'
import { runs } from '../setup/runs.ts'

const cuts = fc.array(fc.nat(), { maxLength: 12 })
const field = fc
  .array(fc.constantFrom('a', 'é', '😀', '"', ',', ' ', '\n', '\r\n', '\r', '1'), { maxLength: 6 })
  .map(parts => parts.join(''))
const runsOf = { numRuns: runs(200) }

describe('csv()', () => {
  it('gives back what toCsv() wrote, however it is cut, for every line end', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.nat(), text: field }), { minLength: 1, maxLength: 8 }),
        cuts,
        fc.constantFrom('\n', '\r\n', '\r'),
        async (items, at, end) => {
          const whole = await text(from(items).pipeThrough(toCsv()))
          const expected = items.map(({ id, text }) => ({ id: String(id), text }))
          const bytes = new TextEncoder().encode(whole)
          expect(await toArray(from(cut(bytes, at)).pipeThrough(csv()))).toEqual(expected)
          // Without quoted line ends, another line end is another spelling of the same.
          const plain = items.filter(item => !/[\r\n]/.test(item.text))
          if (plain.length === 0) return
          const spelled = (await text(from(plain).pipeThrough(toCsv()))).replaceAll('\r\n', end)
          expect(await toArray(from(cut(spelled, at)).pipeThrough(csv()))).toEqual(
            plain.map(({ id, text }) => ({ id: String(id), text })),
          )
        },
      ),
      runsOf,
    ))

  it('fails at the first record that is too long, behind those before it, however it is cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', '😀', ',', ' '), minLength: 1, maxLength: 8 }), {
          minLength: 1,
          maxLength: 8,
        }),
        cuts,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 8 }),
        fc.boolean(),
        async (records, at, end, maxLength, ended) => {
          const whole = records.join(end) + (ended ? end : '')
          const bad = records.findIndex(record => record.length > maxLength)
          const seen: string[] = []
          const error = await from(cut(whole, at))
            .pipeThrough(csv({ header: false, maxLength }))
            .pipeTo(new WritableStream({ write: row => void seen.push(row.join()) }))
            .catch((error: unknown) => error)
          expect(seen).toEqual(bad === -1 ? records : records.slice(0, bad))
          if (bad === -1) expect(error).toBe(undefined)
          else expect(error).toMatchObject({ code: 'ERR_RECORD_TOO_LONG', record: bad + 1 })
        },
      ),
      runsOf,
    ))

  it('reads any text as papaparse reads the whole of it, whatever is wrong with it', () =>
    fc.assert(
      fc.asyncProperty(
        fc
          .array(fc.constantFrom('a', '"', '""', ',', ' ', '\n', 'b'), { maxLength: 40 })
          .map(parts => `x\n${parts.join('')}`),
        cuts,
        async (whole, at) => {
          const { data, errors } = Papa.parse(whole, { delimiter: ',', newline: '\n' }) as {
            data: string[][]
            errors: { row: number }[]
          }
          const good = data.filter((row, n) =>
            row.join() !== '' || row.length > 1 ? !errors.some(error => error.row === n) : false,
          )
          const rows = from(cut(whole, at)).pipeThrough(csv({ header: false, onError: 'skip' }))
          expect(await toArray(rows)).toEqual(good)
        },
      ),
      runsOf,
    ))
})
