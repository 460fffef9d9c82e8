import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { build as tsup } from 'tsup'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from './modules.ts'

let folder: string

beforeAll(async () => {
  // Measured is what a user's bundler sees: the built files, with package.json and its `sideEffects` above them.
  folder = await mkdtemp(join(tmpdir(), 'sluice-size-'))
  const library = join(folder, 'node_modules/sluice')
  await mkdir(library, { recursive: true })
  await cp(join(root, 'package.json'), join(library, 'package.json'))
  await tsup({ dts: false, format: 'esm', outDir: join(library, 'dist'), silent: true })
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** The bytes a page loads for a module, minified and compressed with brotli. */
async function size(contents: string): Promise<number> {
  const result = await build({
    stdin: { contents, resolveDir: folder },
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
  // Today's sizes, rounded up: they may only go down. That `map` takes policies and a range of concurrency as plain options
  // is 2 kB of the first; the second is everything that there is.
  test.each([
    { what: `export { from, map, sink } from 'sluice'`, budget: 14_650 },
    { what: `export * from 'sluice'`, budget: 37_300 },
  ])('of $what stays below $budget bytes', async ({ what, budget }) => {
    const bytes = await size(what)
    expect(bytes).toBeGreaterThan(200)
    expect(bytes).toBeLessThanOrEqual(budget)
  })

  test('of an import that uses nothing is nothing', async () => {
    expect(await size(`import { from, map } from 'sluice'`)).toBeLessThanOrEqual(1)
  })
})
