import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Folders of test/ whose tests are not about behaviour. */
export const outside = ['package', 'types', 'wpt', 'runtimes', 'mutation']

/** The behaviour tests, on the platform's own streams. */
export const native = {
  name: 'native',
  include: ['test/**/*.test.ts'],
  exclude: [`test/{${outside}}/**`, '**/node_modules/**'],
  testTimeout: process.env.SLUICE_RUNS === undefined ? 40_000 : 3_600_000,
}

/** The same tests on web-streams-polyfill, save what only the platform's streams can do: transfer, `new Response(flow)`. */
const polyfill = {
  ...native,
  name: 'polyfill',
  exclude: [...native.exclude, 'test/**/*.native.test.ts'],
  setupFiles: ['test/setup/polyfill.ts'],
  env: { SLUICE_STREAMS: 'polyfill' },
}

const types = {
  name: 'types',
  include: [],
  typecheck: {
    enabled: true,
    only: true,
    checker: 'tsc',
    include: ['test/types/**/*.test-d.ts'],
    tsconfig: 'test/tsconfig.json',
  },
}

/** What a user gets: the library as it is packed and installed by the setup. One file at a time: they have both cores. */
const packed = {
  name: 'package',
  include: ['test/package/**/*.test.ts'],
  globalSetup: 'test/package/setup.ts',
  fileParallelism: false,
  testTimeout: 120_000,
  hookTimeout: 180_000,
}

export default defineConfig({
  resolve: {
    alias: [
      { find: /^sluice$/, replacement: at('src/index.ts') },
      { find: /^sluice\/(.+)$/, replacement: at('src/$1.ts') },
    ],
  },
  test: {
    // A process per file: rejections, workers and timers left behind by one file cannot reach another.
    pool: 'forks',
    maxWorkers: 2,
    // A bug of the TransformStream of Node 20 and of web-streams-polyfill, in purely native chains too: a chunk that is on
    // its way in when a cancel comes calls an algorithm that the cancel has cleared.
    onUnhandledError(error) {
      return !/transformAlgorithm is not a function/.test(error.message)
    },
    projects: [native, polyfill, types, packed].map(test => ({ extends: true as const, test })),
  },
})
