import { describe, expect, it } from 'vitest'
import { run } from './run-snippet.ts'
import { docExamples, type Snippet } from './snippets.ts'

describe('the examples in doc comments', () => {
  const examples = docExamples('src')

  it('are found', () => {
    expect(examples.length).toBeGreaterThan(20)
  })

  it.each(examples.map(example => [example.where, example] as const))(
    '%s gives what it says',
    async (_, example) => {
      expect(await run(example)).toBeGreaterThan(0)
    },
  )
})

describe('the checker of examples', () => {
  const snippet = (code: string): Snippet => ({ where: 'here', code })

  it.each([
    ['a wrong value', 'const x = 1 // => 2'],
    ['a wrong expression', '1 + 1 // => 3'],
    ['a wrong value on the next line', '[1,\n2]\n// => [1, 3]'],
    ['a wrong log', 'console.log(await first(from([1]))) // => 2'],
    ['a promise behind no value', '// => 1'],
    ['code that throws', 'map(1)'],
    ['a module that lacks a name', "import { nothing } from 'sluice'\nnothing() // => 1"],
  ])('sees %s', async (_, code) => {
    await expect(run(snippet(code))).rejects.toThrow(/expected|has a value|must be|is not a function/)
  })

  it('lets right ones pass', async () => {
    expect(
      await run(
        snippet(
          "import { from, toArray } from 'sluice'\nconst x: number[] = await toArray(from([1]))\n// => [1]\nx[0] // => 1",
        ),
      ),
    ).toBe(2)
  })
})
