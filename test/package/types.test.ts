import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entries } from './entries.ts'
import { root } from './modules.ts'
import { tools } from './tools.ts'
import { type UserProject, userProject } from './user-project.ts'

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
}
const tsc = join(root, 'node_modules/.bin/tsc')
let user: UserProject

beforeAll(async () => {
  user = await userProject()
})

afterAll(() => user.remove())

const good = `import { from, map, reject, sink, toArray, QueueFullError } from 'sluice'
import { parallel } from 'sluice/parallel'
import type * as work from './work.mjs'
${entries.map((specifier, i) => `import type * as entry${i} from '${specifier}'`).join('\n')}
export type Entries = [${entries.map((_, i) => `typeof entry${i}`).join()}]
export const texts: Promise<string[]> = toArray(from([1, 2]).pipeThrough(map(n => n.toFixed())))
export const native: ReadableStream<string> = from([1]).pipeThrough(map(n => n.toFixed(), { strategy: reject(2) }))
export const done: Promise<void> = from(['a']).pipeTo(sink(text => void text.length))
export const stage: TransformStream<number, string> = parallel<typeof work, 'half'>('/work.mjs', { name: 'half' })
const failed = (error: unknown) => ({ failed: String(error) })
type Failed = ReturnType<typeof failed>
export const spare: TransformStream<number, string | Failed> =
  parallel<typeof work, 'half', Failed>('/work.mjs', { name: 'half', onError: failed })
export const any: TransformStream<number, unknown> = parallel<typeof work>('/work.mjs', { onError: failed })
export const full = (error: unknown): unknown => (error instanceof QueueFullError ? error.item : undefined)
`
const bad = `import { from, map, toArray } from 'sluice'
// @ts-expect-error: it is a promise of strings
export const numbers: Promise<number[]> = toArray(from([1, 2]).pipeThrough(map(n => n.toFixed())))
// @ts-expect-error: there is no such option
export const typo = map((n: number) => n, { concurency: 2 })
// @ts-expect-error: it takes numbers
export const pipe = from(['a']).pipeThrough(map((n: number) => n))
// @ts-expect-error: there is no such entry
export type None = typeof import('sluice/engine')
`
const dom = { lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable'], types: [] }
const node = { lib: ['es2022'], types: ['node'], typeRoots: [join(root, 'node_modules/@types')] }
const modes = [
  { moduleResolution: 'nodenext', module: 'nodenext', streams: 'Node', ...node },
  { moduleResolution: 'nodenext', module: 'nodenext', streams: 'dom', ...dom },
  { moduleResolution: 'bundler', module: 'esnext', streams: 'dom', ...dom },
  { moduleResolution: 'bundler', module: 'esnext', streams: 'dom', customConditions: ['browser'], ...dom },
]

describe('the packed types', () => {
  test.each(modes)(
    'are strict in $moduleResolution resolution $customConditions, with the streams of $streams',
    async ({ streams: _, ...mode }) => {
      const files = { 'good.mts': good, 'good.cts': good, 'bad.mts': bad, 'bad.cts': bad }
      for (const [file, text] of Object.entries(files)) await user.write(file, text)
      await user.write('work.mts', 'export const half = (n: number): string => String(n / 2)')
      const compilerOptions = {
        ...mode,
        ...strict,
        target: 'es2022',
        skipLibCheck: false,
      }
      await user.write('tsconfig.json', JSON.stringify({ compilerOptions, files: Object.keys(files) }))
      expect(await user.run(tsc, '-p', '.')).toBe('')
    },
  )

  // What `bun init` writes: no DOM. `skipLibCheck`, as Bun's ReadableStream has a constructor for bytes alone, which
  // no class of other items extends without a complaint.
  test('are strict with the streams of @types/bun', async () => {
    const files = {
      'good.ts': good,
      'bad.ts': bad,
      'work.mts': 'export const half = (n: number) => String(n / 2)',
    }
    for (const [file, text] of Object.entries(files)) await user.write(file, text)
    const compilerOptions = {
      ...strict,
      lib: ['esnext'],
      types: ['bun'],
      typeRoots: [join(await tools('docs'), '@types')],
      target: 'esnext',
      module: 'preserve',
      moduleResolution: 'bundler',
      skipLibCheck: true,
    }
    await user.write('tsconfig.json', JSON.stringify({ compilerOptions, files: Object.keys(files) }))
    expect(await user.run(tsc, '-p', '.')).toBe('')
  })

  // What the templates of Vite and others say: there, before TypeScript 6, platform streams have no async iterator.
  test('are right for TypeScript 5.6 without its types of asynchronous iteration over streams', async () => {
    const old = join(await tools('docs'), 'typescript56/bin/tsc')
    const loop = `import { from } from 'sluice'
      export async function sum(): Promise<number> {
        let all = 0
        for await (const n of from([1, 2])) all += n
        // @ts-expect-error: it is a number
        for await (const n of from([1, 2])) n.length
        return all
      }`
    await user.write('loop.ts', loop)
    await user.write('work.mts', 'export const half = (n: number): string => String(n / 2)')
    await user.write('good.mts', good)
    const compilerOptions = {
      lib: ['es2022', 'dom', 'dom.iterable'],
      types: [],
      module: 'esnext',
      moduleResolution: 'bundler',
      target: 'es2022',
      strict: true,
      skipLibCheck: false,
      noEmit: true,
    }
    await user.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['loop.ts', 'good.mts'] }))
    expect(await user.run(process.execPath, old, '-p', '.')).toBe('')
  })
})
