import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from './modules.ts'
import { recipes } from './recipes.ts'
import { type UserProject, userProject } from './user-project.ts'

let user: UserProject

/** Engines, by what is done to this one before the first import. */
const engines = {
  'without streams': `
    const streams = Object.getOwnPropertyNames(globalThis).filter(name => /^(Readable|Writable|Transform)/.test(name))
    if (streams.length < 9) throw new Error('only ' + streams)
    for (const name of [...streams, 'ByteLengthQueuingStrategy', 'CountQueuingStrategy']) delete globalThis[name]`,
  'with streams that can only be read': `
    delete globalThis.TransformStream
    delete globalThis.WritableStream
    for (const name of ['pipeTo', 'pipeThrough', 'values', Symbol.asyncIterator]) delete ReadableStream.prototype[name]
    delete ReadableStream.from`,
}
type Engine = keyof typeof engines

beforeAll(async () => {
  user = await userProject(recipes('use-where-streams-are-missing.md'))
  const polyfill = 'node_modules/web-streams-polyfill'
  await cp(join(root, polyfill), user.path(polyfill), { recursive: true })
})

afterAll(() => user.remove())

async function run(file: string, engine: Engine | undefined): Promise<string> {
  if (!engine) return user.run(process.execPath, file)
  await user.write('engine.mjs', engines[engine])
  return user.run(process.execPath, '--import', './engine.mjs', file)
}

describe.each(Object.keys(engines) as Engine[])('in an engine %s', engine => {
  test('the library cannot be loaded by itself', async () => {
    await user.write('alone.mjs', `import 'sluice'`)
    await expect(run('alone.mjs', engine)).rejects.toThrow(/Stream\w* is not defined/)
  })

  test.each([
    ['polyfilled.mjs', 'true [ 2, 4, 6 ]\n'],
    ['if-needed.mjs', '[ 2, 4, 6 ]\n'],
  ])('%s of the guide does what it says', async (file, printed) => {
    expect(await run(file, engine)).toBe(printed)
  })

  test('a pipeline runs, stops and fails on the polyfill as elsewhere', async () => {
    await user.write('pipeline.mjs', pipeline)
    expect(await run('pipeline.mjs', engine)).toBe('[ [ 0, 2 ], [ 6 ] ] dropped 1 boom closed\n')
  })
})

const pipeline = `
  import 'web-streams-polyfill/polyfill'
  import { batch, buffer, drain, dropNewest, filter, from, map, range, toArray } from 'sluice'
  const evens = range(0, 10).pipeThrough(filter(n => n % 2 === 0 && n !== 4))
  const groups = await toArray(evens.pipeThrough(new TransformStream()).pipeThrough(map(async n => n)).pipeThrough(batch(2)))
  const inbox = buffer(dropNewest(1))
  const writer = inbox.writable.getWriter()
  await writer.write(1)
  await writer.write(2)
  let closed = ''
  async function* source() { try { yield 1 } finally { closed = 'closed' } }
  const failed = await drain(from(source).pipeThrough(map(() => { throw new Error('boom') }))).catch(error => error.message)
  console.log([groups[0], groups[1].slice(0, 1)], 'dropped', inbox.stats().dropped, failed, closed)`

describe('where the platform has streams', () => {
  test.each([
    ['if-needed.mjs', '[ 2, 4, 6 ]\n'],
    ['native-body.mjs', `false [ 'of the platform' ]\n`],
    ['ponyfill.mjs', '2\n4\n'],
  ])('%s of the guide does what it says', async (file, printed) => {
    expect(await run(file, undefined)).toBe(printed)
  })

  test('a stream of the ponyfill where a native one belongs is told from it', async () => {
    await user.write(
      'mixed.mjs',
      `import { ReadableStream as Theirs } from 'web-streams-polyfill'
       import { toArray } from 'sluice'
       toArray(new Theirs()).catch(error => console.log(error.message))`,
    )
    expect(await run('mixed.mjs', undefined)).toBe(
      'toArray: the argument must be a ReadableStream, received [object ReadableStream]; wrap it: from(…)\n',
    )
  })
})
