import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

type Conditions = { import: { default: string } }
const { exports } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, Conditions | string>
}

export default defineConfig({
  // package.json is the one list of entries: ./dist/x.js is built from src/x.ts.
  entry: Object.values(exports)
    .filter(target => typeof target === 'object')
    .map(target => target.import.default.replace(/^\.\/dist\/(.+)\.js$/, 'src/$1.ts')),
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  dts: true,
  sourcemap: true,
  // `splitting` stays at its default, ESM only: for CJS tsup splits with sucrase, which takes `this.#count++` for the
  // export `count` and writes a syntax error.
  clean: true,
})
