import type { WriteStream } from 'node:tty'
import { from, map, type StageStats, toArray } from 'sluice'
import { describe, expect, test } from 'vitest'
import { attempt } from '../../examples/duplicate-files/attempt.ts'
import { checkLaw } from '../../examples/duplicate-files/check-law.ts'
import { bytes, printable } from '../../examples/duplicate-files/format.ts'
import { inCompany } from '../../examples/duplicate-files/in-company.ts'
import { liveDisplay } from '../../examples/duplicate-files/live-display.ts'

const FAINT = '\x1b[2m'

/** A terminal that keeps what is written to it. */
function terminal({ columns = 80, rows = 24, colours = true } = {}) {
  const written: string[] = []
  const stream = { columns, rows, hasColors: () => colours, write: (text: string) => written.push(text) }
  return { stream: stream as unknown as WriteStream, written }
}

const readings = [
  { name: 'measure', items: 1_234_567, perSecond: 89_012.3, queue: 0.5 },
  { name: 'not empty', items: 1_234_560, perSecond: 89_000, queue: undefined },
]

describe('liveDisplay()', () => {
  const { signal: running } = new AbortController()

  test('draws one line per stage', () => {
    const { stream, written } = terminal({ colours: false })
    liveDisplay(stream, running).show(readings)
    expect(written.join('').split('\n').slice(1, 3)).toEqual([
      'measure        1,234,567     89,012  ██████░░░░░░ 50 %\x1b[K',
      'not empty      1,234,560     89,000\x1b[K',
    ])
  })

  test('goes back to its first line before it draws again, and before it closes', () => {
    const { stream, written } = terminal()
    const display = liveDisplay(stream, running)
    display.show(readings)
    display.show(readings)
    display.close()
    expect(written[1]?.startsWith('\x1b[4A\r')).toBe(true)
    expect(written[2]).toBe('\x1b[4A\r\x1b[J')
  })

  test.each([1, 20, 60])('never reaches the last of %i columns', columns => {
    const { stream, written } = terminal({ columns, colours: false })
    liveDisplay(stream, AbortSignal.abort()).show(readings)
    const lines = written
      .join('')
      .replaceAll('\x1b[K', '')
      .replaceAll('\x1b[J', '')
      .split(/[\r\n]/)
    expect(Math.max(...lines.map(line => line.length))).toBeLessThan(columns)
  })

  test('never reaches the last row', () => {
    const { stream, written } = terminal({ rows: 3 })
    liveDisplay(stream, running).show(readings)
    expect(written.join('').split('\n')).toHaveLength(3)
  })

  test('uses colours only where the terminal has them', () => {
    const [plain, coloured] = [terminal({ colours: false }), terminal({ colours: true })]
    for (const { stream } of [plain, coloured]) liveDisplay(stream, running).show(readings)
    expect(plain.written.join('')).not.toContain(FAINT)
    expect(coloured.written.join('')).toContain(FAINT)
  })
})

describe('checkLaw()', () => {
  const stage = (change: Partial<StageStats>) => ({
    stats: () => ({ ...map(String, { name: 'a' }).stats(), received: 3, done: 3, emitted: 2, ...change }),
  })

  test('has nothing to say about stages that account for everything', () => {
    expect(checkLaw([stage({}), stage({ received: 2, done: 1, queued: 1 })])).toEqual([])
  })

  test('sees an item that vanished within a stage', () => {
    expect(checkLaw([stage({ done: 2 })])).toEqual(['a received 3, but accounts for 2'])
  })

  test('sees an item that vanished between two stages', () => {
    const next = stage({ name: 'b', received: 1, done: 1 })
    expect(checkLaw([stage({}), next])).toEqual(['a passed 2 on, but b received 1'])
  })
})

describe('inCompany()', () => {
  test('passes on the items that share their key, the first one together with the second', async () => {
    const items = ['a1', 'b1', 'a2', 'c1', 'a3', 'c2'].map(id => ({ id }))
    const shared = from(items).pipeThrough(inCompany(item => item.id[0], { name: 'same letter' }))
    expect((await toArray(shared)).map(item => item.id)).toEqual(['a1', 'a2', 'a3', 'c1', 'c2'])
  })
})

describe('attempt()', () => {
  test('notes a failure and passes on the rest', async () => {
    const problems: unknown[] = []
    const work = async ({ path }: { path: string }) => {
      if (path === 'b') throw new Error('unreadable')
      return { path }
    }
    const stage = attempt(work, problem => problems.push(problem), { name: 'work' })
    const files = ['a', 'b', 'c'].map(path => ({ path }))
    expect(await toArray(from(files).pipeThrough(stage))).toEqual([{ path: 'a' }, { path: 'c' }])
    expect(problems).toEqual([{ path: 'b', error: new Error('unreadable') }])
  })
})

describe('format', () => {
  test('bytes() chooses the unit', () => {
    expect([0, 999, 1000, 999_949, 5e6, 2.5e14].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 KB',
      '1000 KB',
      '5.0 MB',
      '250 TB',
    ])
  })

  test('printable() spells out what could disturb a terminal', () => {
    expect(printable('a\nb\x1b[2J\x9b\u202e\u2028é字')).toBe('a\\x0ab\\x1b[2J\\x9b\\u{202e}\\u{2028}é字')
  })
})
