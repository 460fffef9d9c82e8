import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'

/** The folder of the built library; put in when the scenarios are built. */
declare const SLUICE_DIST: string

/** The bytes that a page loads for a module. Peers are found from the folder of the built scenarios. */
export async function bundledSize(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname ?? '.' },
    alias: { sluice: join(SLUICE_DIST, 'index.js') },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    write: false,
    logLevel: 'error',
  })
  return brotliCompressSync(outputFiles[0]?.contents ?? new Uint8Array()).length
}
