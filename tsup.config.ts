import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

type Target = { default: string }
type Conditions = { import: Target; browser?: Target }
const { exports } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, Conditions | string>
}

// package.json is the one list of entries: ./dist/x.js is built from src/x.ts.
const entries = Object.values(exports)
  .filter(target => typeof target === 'object')
  .flatMap(({ import: main, browser }) => [main, ...(browser ? [browser] : [])])
  .map(target => target.default.replace(/^\.\/dist\/(.+)\.js$/, 'src/$1.ts'))

export default defineConfig({
  entry: {
    ...Object.fromEntries(entries.map(file => [file.slice('src/'.length, -'.ts'.length), file])),
    // Not imported but loaded by name, in a worker.
    'tinypool-host': 'src/executors/node/tinypool-host.ts',
  },
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/, 'tinypool'],
  dts: { compilerOptions: { types: ['node'] } },
  sourcemap: true,
  // The entries share their classes in CJS as well. There, tsup alone would split with sucrase, which takes
  // `this.#count++` for the export `count`; with `treeshake` it is Rollup that makes CJS of the chunks.
  splitting: true,
  treeshake: true,
  clean: true,
})
