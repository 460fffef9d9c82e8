import { expect, test } from 'vitest'
import { runExample } from './run-example.ts'

test('02-bounded-channel accounts for every request', async () => {
  const { code, stdout, stderr } = await runExample('02-bounded-channel')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const [sent, accepted, refused, shipped] = [
    ...stdout.matchAll(/\d+(?= (?:sent|accepted|refused|\(|shipped))/g),
  ].map(Number)
  expect(sent).toBe(300)
  expect(accepted).toBe(shipped)
  expect((accepted ?? 0) + (refused ?? 0)).toBe(sent)
})
