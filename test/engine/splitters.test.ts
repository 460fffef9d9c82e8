import { from, lines, RecordError, type Stage } from 'sluice'
import { csv } from 'sluice/csv'
import { describe, expect, it, vi } from 'vitest'
import { CsvSplitter } from '../../src/engine/csv-splitter.ts'
import { LineSplitter } from '../../src/engine/line-splitter.ts'
import { NONE } from '../../src/engine/split-operator.ts'
import { turn } from '../setup/turn.ts'

describe.each([
  { name: 'LineSplitter', of: () => new LineSplitter('lines', 'lines', {}), pieces: ['a', 'b'] },
  { name: 'CsvSplitter', of: () => new CsvSplitter('csv', 'csv', {}), pieces: [['a'], ['b']] },
])('$name', ({ of, pieces }) => {
  it('gives out what its chunk has, and nothing of it once it was let go of', async () => {
    const kept = of()
    await kept.push('a\nb\nc')
    expect([kept.next(), kept.next(), kept.next()]).toEqual([...pieces, NONE])
    const dropped = of()
    await dropped.push('a\nb\nc')
    expect(dropped.next()).toEqual(pieces[0])
    dropped.drop()
    expect(dropped.next()).toBe(NONE)
    // Nor of the piece that has begun.
    dropped.end()
    expect(dropped.next()).toBe(NONE)
  })
})

describe.each([
  { name: 'lines', stage: () => lines({ maxLength: 4 }), splitter: LineSplitter },
  { name: 'csv', stage: () => csv({ header: false, maxLength: 4 }), splitter: CsvSplitter },
])('$name()', ({ stage: make, splitter }) => {
  const stage = make as () => Stage<string, unknown>

  it('lets go of the rest of a chunk when its consumer leaves, and when it fails', async () => {
    const drop = vi.spyOn(splitter.prototype, 'drop')
    try {
      const reader = from(['a\nb\nc\n']).pipeThrough(stage()).getReader()
      await reader.read()
      expect(drop).not.toHaveBeenCalled()
      await reader.cancel()
      expect(drop).toHaveBeenCalledTimes(1)
      const failing = from(['a\nlonger\nc\n']).pipeThrough(stage()).getReader()
      await failing.read()
      await expect(failing.read()).rejects.toBeInstanceOf(RecordError)
      await turn()
      expect(drop).toHaveBeenCalledTimes(2)
    } finally {
      drop.mockRestore()
    }
  })
})
