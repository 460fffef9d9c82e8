import * as sluice from 'sluice'
import { describe, expect, it, vi } from 'vitest'
import { compile, docExamples, markdownExamples, type Snippet } from './snippets.ts'

const AsyncFunction = (async () => {}).constructor as new (
  ...args: string[]
) => (...args: unknown[]) => Promise<unknown>

/** Runs a snippet with everything of the library in scope, or with what it imports itself. */
async function run(snippet: Snippet): Promise<number> {
  const { body, checks } = compile(snippet)
  let checked = 0
  const check = (actual: unknown, expected: unknown) => {
    checked++
    expect(actual).toEqual(expected)
  }
  const load = (module: string) => (module === 'sluice' ? sluice : import(module))
  const scope: Record<string, unknown> = /^import /m.test(snippet.code) ? {} : { ...sluice }
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const logged = () => log.mock.lastCall?.[0]
  const given = { __check: check, __logged: logged, __import: load, ...scope }
  try {
    await new AsyncFunction(...Object.keys(given), body)(...Object.values(given))
  } finally {
    log.mockRestore()
  }
  expect(checked, 'checks that ran').toBe(checks)
  return checks
}

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

describe('the snippets of the README', () => {
  const snippets = markdownExamples('README.md')

  it.runIf(snippets.length > 0).each(snippets.map(snippet => [snippet.where, snippet] as const))(
    '%s runs and gives what it says',
    async (_, snippet) => {
      await run(snippet)
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
