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

/**
 * Properties that are nobody's business but the engine's: the build gives them short names, of which a user's bundler
 * could not know that it may. None may be a property of a public type or of a message to a worker, nor be used on an object
 * of the platform or as a string; a test sees to that. One that is missing here is only longer.
 */
export const ENGINE_PROPERTIES = `
  abandoned admit answer arrival ask asked attempted awaitStart behind broke broken calls closing connect discard
  discardIfOver disturb down due eager edge enter entered expands expire expired fall fault faulted feed fits fresh fusible
  gave give guarded heard held hoard hop hungry inbox inlet inside intake into judge lanes last lax leave leaving
  leftOut look mark notWritten onCancel onEarlyEnd onEnding onOver onResult opened operator outlet over
  overtakes pour prepend producer pump raise recipe recover recovers refusals refuse refused released resume scope
  settle settled special spoil stalled taken tally tell threw turnAway unanswered unheard unordered
  unread untold used waits wanted watch weight welcome working
`
  .trim()
  .split(/\s+/)

export default defineConfig({
  entry: {
    ...Object.fromEntries(entries.map(file => [file.slice('src/'.length, -'.ts'.length), file])),
    // Not imported but loaded by name, in a worker.
    'tinypool-host': 'src/executors/node/tinypool-host.ts',
  },
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/, 'tinypool', 'papaparse'],
  dts: { compilerOptions: { types: ['node'], stripInternal: true } },
  sourcemap: true,
  esbuildOptions(options) {
    options.mangleProps = new RegExp(`^(${ENGINE_PROPERTIES.join('|')})$`)
  },
  // The entries share their classes in CJS as well. There, tsup alone would split with sucrase, which takes
  // `this.#count++` for the export `count`; with `treeshake` it is Rollup that makes CJS of the chunks.
  splitting: true,
  treeshake: true,
  clean: true,
})
