import { expect, it } from 'vitest'
import { LACKS, rowOf } from '../runtimes/lacks.ts'
import { textOf } from './documents.ts'

it('the guide has what each platform lacks, as the tests find it', () => {
  const lines = textOf('examples/guide/use-where-streams-are-missing.md').split('\n')
  const at = lines.findIndex(line => /^\| what is lacking +\| where +\| so/.test(line))
  const rows = lines.slice(at + 2, lines.indexOf('', at))
  const cells = (line: string): string[] => line.split('|').map(cell => cell.trim())
  expect(at).toBeGreaterThan(0)
  expect(rows.map(cells)).toEqual(LACKS.map(lack => cells(rowOf(lack))))
})
