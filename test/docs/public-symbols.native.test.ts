import { describe, expect, it } from 'vitest'
import { entryFiles, type PublicSymbol, publicSymbols } from './public-symbols.ts'

/** Names of what lacks a sentence. */
const uncommented = (symbols: readonly PublicSymbol[]) =>
  symbols.filter(({ comment }) => !/\w[\s\S]*[.:]/.test(comment)).map(({ where }) => where)
/** Names of what runs and has no example that says what it gives: `// =>`. The examples' own tests run them. */
const unshown = (symbols: readonly PublicSymbol[]) =>
  symbols.filter(({ isValue, examples }) => isValue && examples.length === 0).map(({ where }) => where)

describe('what the entries export', () => {
  const symbols = publicSymbols(entryFiles())

  it('is found', () => {
    const values = symbols.filter(({ isValue }) => isValue).map(({ where }) => where)
    expect(values).toEqual(
      expect.arrayContaining(['src/index.ts: map', 'src/parallel.ts: parallel', 'src/worker.ts: expose']),
    )
    expect(symbols.length).toBeGreaterThan(100)
  })

  it('says what it is', () => {
    expect(uncommented(symbols)).toEqual([])
  })

  it('has an example that shows a result, where it is more than a type', () => {
    expect(unshown(symbols)).toEqual([])
  })
})

describe('the finder of undocumented symbols', () => {
  const example = '@example\n * ```ts\n * 1 // => 1\n * ```'
  const find = (comment: string, code: string) =>
    publicSymbols(['src/made-up.ts'], () => `${comment && `/** ${comment} */\n`}export ${code}\n`)

  it.each(['function f() {}', 'class C {}', 'const c = 1', 'interface I {}', 'type T = 1'])(
    'sees that %s has no comment',
    code => {
      expect(uncommented(find('', code))).toHaveLength(1)
      expect(uncommented(find('Says it.', code))).toEqual([])
    },
  )

  it.each(['function f() {}', 'class C {}', 'const c = 1'])('sees that %s has no example', code => {
    expect(unshown(find('Says it.', code))).toHaveLength(1)
    expect(unshown(find(`Says it.\n * @example\n * \`\`\`ts\n * 1\n * \`\`\``, code))).toHaveLength(1)
    expect(unshown(find(`Says it.\n * ${example}`, code))).toEqual([])
  })

  it('asks no example of a type', () => {
    expect(unshown(find('Says it.', 'interface I {}'))).toEqual([])
  })
})
