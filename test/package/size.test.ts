import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, inject, test } from 'vitest'
import { budgets } from './budgets.ts'
import { entries } from './entries.ts'

/** The bytes a page loads for a module, minified and compressed with brotli. */
async function size(contents: string): Promise<number> {
  const result = await build({
    stdin: { contents, resolveDir: inject('library').installed },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  })
  const [output] = result.outputFiles
  if (output === undefined || result.warnings.length > 0) throw new Error(JSON.stringify(result.warnings))
  const bytes = brotliCompressSync(output.contents).length
  console.info(`${contents} => ${bytes} bytes of ${output.contents.length}`)
  return bytes
}

describe('bundle size', () => {
  test.each<[program: string, budget: number]>([
    [`export { from, map, sink } from 'sluice'`, budgets.fromMapSink],
    ...Object.entries(budgets.entries).map(
      ([entry, budget]) => [`export * from '${entry}'`, budget] as [string, number],
    ),
  ])('of %s stays below %d bytes', async (program, budget) => {
    const bytes = await size(program)
    expect(bytes).toBeGreaterThan(200)
    expect(bytes).toBeLessThanOrEqual(budget)
  })

  test('has a budget for every entry', () => {
    expect(Object.keys(budgets.entries)).toEqual(entries)
  })

  test('of an import that uses nothing is nothing', async () => {
    expect(await size(`import { from, map } from 'sluice'`)).toBeLessThanOrEqual(1)
  })
})
