import { range, toArray } from 'sluice'
import { parallel } from 'sluice/parallel'
import type { Check } from './check.ts'
import { equal, ok, rejection } from './check.ts'
import { workers } from './count-workers.ts'

const fail = async (make: (() => Worker) | URL, options: object, within: number): Promise<string> => {
  const before = workers.alive
  const start = performance.now()
  // biome-ignore lint/suspicious/noExplicitAny: modules that have no types
  const stage = parallel<any, any>(make, { threads: 2, ...options })
  const error = await rejection(toArray(range(0, 10).pipeThrough(stage)))
  const ms = performance.now() - start
  ok(ms < within, `after ${Math.round(ms)} ms: ${error}`)
  ok(error.message.startsWith('parallel thumbnails: '), `does not name the stage: ${error}`)
  await workers.gone(before)
  return `after ${Math.round(ms)} ms: ${error}`
}

/** Workers that do not begin. */
export const startChecks: Record<string, Check> = {
  async 'a worker whose file does not exist, made by a function'() {
    const make = () => new Worker('/assets/nowhere.js', { type: 'module' })
    return fail(make, { name: 'thumbnails' }, 5_000)
  },

  async 'a worker whose file does not exist, by its URL'() {
    const text = await fail(new URL('/assets/nowhere.js', location.href), { name: 'thumbnails' }, 5_000)
    ok(text.includes('/assets/nowhere.js'), `does not name the file: ${text}`)
    return text
  },

  async 'a worker that the Content Security Policy forbids'() {
    const make = () => new Worker(URL.createObjectURL(new Blob(['1'])), { type: 'module' })
    const text = await fail(make, { name: 'thumbnails' }, 5_000)
    ok(/Content Security Policy/.test(text), `no word of it: ${text}`)
    return text
  },

  async 'a worker of another origin'() {
    const make = () => new Worker('http://127.0.0.1:9/work.js', { type: 'module' })
    return fail(make, { name: 'thumbnails' }, 5_000)
  },

  async 'a worker that throws at top level'() {
    const make = () => new Worker(new URL('./workers/throws-at-once.ts', import.meta.url), { type: 'module' })
    const text = await fail(make, { name: 'thumbnails' }, 5_000)
    ok(/Cannot (read|destructure) propert/.test(text), `no word of the error: ${text}`)
    ok(/throws-at-once[^/]*\.js:\d+/.test(text), `does not name the file: ${text}`)
    return text
  },

  async 'a worker whose setup() throws'() {
    const make = () => new Worker(new URL('./workers/bad-setup.ts', import.meta.url), { type: 'module' })
    const before = workers.alive
    // biome-ignore lint/suspicious/noExplicitAny: a module that has no types
    const stage = parallel<any, any>(make, { threads: 1, name: 'predict' })
    const error = await rejection(toArray(range(0, 10).pipeThrough(stage)))
    equal(error.message, 'the model is not there')
    await workers.gone(before)
    return String(error)
  },

  async 'an export that is not there'() {
    const make = () => new Worker(new URL('./workers/exposes-late.ts', import.meta.url), { type: 'module' })
    const text = await fail(make, { name: 'thumbnails' }, 5_000)
    ok(text.includes('triple'), `does not say what there is: ${text}`)
    return text
  },

  async 'a worker that exposes its functions after a top-level await'() {
    const make = () => new Worker(new URL('./workers/exposes-late.ts', import.meta.url), { type: 'module' })
    // biome-ignore lint/suspicious/noExplicitAny: a module that has no types
    const stage = parallel<any, any>(make, { threads: 2, name: 'triple' })
    const start = performance.now()
    equal(await toArray(range(0, 5).pipeThrough(stage)), [0, 3, 6, 9, 12])
    return `${Math.round(performance.now() - start)} ms`
  },

  async 'a function that gives no worker, or the same one twice'() {
    const none = await fail((() => Promise.resolve()) as never, { name: 'thumbnails' }, 1_000)
    let worker: Worker | undefined
    const same = await fail(
      () => {
        worker ??= new Worker(new URL('./workers/exposes-late.ts', import.meta.url), { type: 'module' })
        return worker
      },
      { name: 'thumbnails', batch: 1 },
      5_000,
    )
    return `${none}\n${same}`
  },
}

/** Takes as long as the library waits for it. */
export const patienceCheck: Record<string, Check> = {
  async 'a worker that never calls expose()'() {
    const make = () =>
      new Worker(new URL('./workers/exposes-nothing.ts', import.meta.url), { type: 'module' })
    const text = await fail(make, { name: 'thumbnails' }, 40_000)
    ok(text.includes('expose('), `does not say what to do: ${text}`)
    return text
  },
}
