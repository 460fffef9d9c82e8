import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { type Row, rows, tableOf } from './rows.ts'

const squeezed = (text: string) => text.replace(/ +/g, ' ').replace(/-+/g, '-')

it('the guide shows the rows that the tests hold, and each figure is within its bound', () => {
  const page = readFileSync(
    fileURLToPath(new URL('../../examples/guide/work-with-other-streams.md', import.meta.url)),
    'utf8',
  )
  expect(squeezed(page)).toContain(squeezed(tableOf(rows)))
  for (const { counterpart, bound, measured } of Object.values<Row>(rows)) {
    expect(Object.keys(measured), counterpart).not.toEqual([])
    for (const ahead of Object.values(measured)) expect(ahead, counterpart).toBeLessThanOrEqual(bound)
  }
})
