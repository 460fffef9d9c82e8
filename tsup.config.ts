import { readFileSync, writeFileSync } from 'node:fs'
import { basename, isAbsolute } from 'node:path'
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
  // Shared chunks, in CJS too: `Stage` must be the same class whichever entry it came through.
  splitting: true,
  clean: true,
  plugins: [
    {
      // Splitting CJS leaves absolute paths of the building machine in the source maps.
      name: 'relative-sources',
      buildEnd({ writtenFiles }) {
        for (const { name } of writtenFiles.filter(file => file.name.endsWith('.map'))) {
          const map = JSON.parse(readFileSync(name, 'utf8')) as { sources: string[]; file?: string }
          delete map.file
          map.sources = map.sources.map(path => (isAbsolute(path) ? basename(path) : path))
          writeFileSync(name, JSON.stringify(map))
        }
      },
    },
  ],
})
