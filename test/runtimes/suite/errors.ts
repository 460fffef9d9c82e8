import { equal, ok, rejection, sameOrder } from './assert.ts'
import { check } from './check.ts'
import type { Environment } from './environment.ts'
import { parallel } from './stages.ts'
import { numbers, through } from './watched.ts'

async function thrown(environment: Environment, kind: string, runtime?: 'processes' | 'inline') {
  const stage = parallel(environment.work, { name: 'fail', threads: 1, ...(runtime && { runtime }) })
  return rejection(through(['fine', kind], stage), `the stage (${kind})`)
}

for (const runtime of [undefined, 'processes'] as const) {
  const needs = runtime ? (['processes'] as const) : []
  check(
    `errors come across as what they were${runtime ? ` (${runtime})` : ''}`,
    async environment => {
      const type = await thrown(environment, 'type', runtime)
      ok(type instanceof TypeError, 'a TypeError is one')
      equal(
        [type.name, type.message, type.index, type.stage],
        ['TypeError', 'a type', 1, 'fail'],
        'what is on it',
      )
      ok(/work\.js/.test(type.stack), `its stack names the worker's file: ${type.stack}`)
      ok((await thrown(environment, 'range', runtime)) instanceof RangeError, 'a RangeError is one')
      ok((await thrown(environment, 'later', runtime)) instanceof TypeError, 'that of a promise too')

      const quota = await thrown(environment, 'quota', runtime)
      ok(quota instanceof Error, 'an error of a class of the user')
      equal(
        [quota.name, quota.message, quota.code, quota.limit, quota.details, quota.callback],
        ['QuotaError', 'used up', 'E_QUOTA', 12, { retry: true }, undefined],
        'its fields',
      )
      ok(quota.cause instanceof SyntaxError && quota.cause.message === 'the reason', 'its cause')
      ok(quota.stack.startsWith('QuotaError: used up') || !/^\w*Error/.test(quota.stack), quota.stack)

      const both = await thrown(environment, 'aggregate', runtime)
      ok(both instanceof AggregateError && both.errors[0] instanceof URIError, 'an AggregateError')

      const abort = await thrown(environment, 'abort', runtime)
      equal([abort.name, abort.message], ['AbortError', 'stop'], 'a DOMException')

      equal(await thrown(environment, 'text', runtime), 'a text', 'a text')
      equal(await thrown(environment, 'nothing', runtime), undefined, 'nothing at all')
    },
    { needs },
  )

  check(
    `results that cannot be cloned fail alone${runtime ? ` (${runtime})` : ''}`,
    async environment => {
      const errors: Error[] = []
      const stage = parallel(environment.work, {
        name: 'uncloneable',
        threads: 2,
        ...(runtime && { runtime }),
        onError: (error: Error) => {
          errors.push(error)
          return -1
        },
      })
      const items = numbers(300)
      sameOrder(
        await through(items, stage),
        items.map(n => (n % 5 === 2 ? -1 : n)),
        'output',
      )
      equal(errors.length, 60, 'errors')
      const messages = errors.map(error => error.message)
      ok(
        messages.some(text => /uncloneable: the result of item 2 cannot be sent back/.test(text)),
        messages[0] ?? '',
      )
    },
    { needs },
  )

  check(
    `items that cannot be cloned fail alone${runtime ? ` (${runtime})` : ''}`,
    async environment => {
      const errors: Error[] = []
      const stage = parallel(environment.work, {
        threads: 2,
        ...(runtime && { runtime }),
        onError: (error: Error) => {
          errors.push(error)
          return -1
        },
      })
      const bad = (n: number): boolean => n % 50 === 7
      const items = numbers(300).map(n => (bad(n) ? () => n : n))
      sameOrder(
        await through<unknown, unknown>(items, stage),
        numbers(300).map(n => (bad(n) ? -1 : n)),
        'output',
      )
      equal(errors.length, 6, 'errors')
      const { message, index, stage: name } = errors[0] as Error & { index: number; stage: string }
      const file = environment.work instanceof URL ? ` ${environment.work}` : ''
      ok(message.startsWith(`parallel: item 7 cannot be sent to the worker${file}:`), message)
      equal(index, 7, 'index')
      equal(name, 'parallel', 'stage')
    },
    { needs },
  )
}

check(
  'inline gives the very error, and the very items',
  async environment => {
    const items = numbers(20).map(n => ({ n }))
    const out = await through(items, parallel(environment.work, { runtime: 'inline' }))
    sameOrder(out, items, 'output')
    ok(
      (await thrown(environment, 'quota', 'inline')).constructor.name === 'QuotaError',
      'the class of the error',
    )
  },
  { needs: ['worker-files'] },
)

check('an export that is missing or no function', async environment => {
  for (const [name, text] of [
    ['notAFunction', /"notAFunction" is not a function but number/],
    ['absent', /"absent" is missing.*The functions it has: .*double/],
  ] as const) {
    const stage = parallel(environment.work, { name, threads: 2 })
    const error = await rejection(through(numbers(100), stage), name)
    ok(error instanceof TypeError && text.test(error.message), String(error))
  }
})

check(
  'a file that does not exist',
  async environment => {
    let error: unknown
    try {
      const stage = parallel(environment.file('absent.js'), { name: 'double' })
      await through(numbers(10), stage)
    } catch (thrown) {
      error = thrown
    }
    ok(
      error instanceof TypeError && /there is no worker module at .*absent\.js/.test(error.message),
      String(error),
    )
  },
  { needs: ['worker-files'] },
)

check(
  'a file that throws while it is loaded',
  async environment => {
    const stage = parallel(environment.file('broken-work.js'), { name: 'double', threads: 2 })
    const error = await rejection(through(numbers(100), stage), 'the stage')
    ok(error instanceof RangeError && error.message === 'this module cannot be loaded', String(error))
  },
  { needs: ['worker-files'] },
)

for (const runtime of [undefined, 'processes'] as const) {
  check(
    `a worker in TypeScript is loaded, or refused with what to do${runtime ? ` (${runtime})` : ''}`,
    async environment => {
      const stage = parallel(environment.file('typescript-work.ts'), {
        name: 'triple',
        threads: 1,
        ...(runtime && { runtime }),
      })
      const work = through(numbers(10), stage)
      if (environment.typescript) {
        sameOrder(
          await work,
          numbers(10).map(n => n * 3),
          'output',
        )
        return
      }
      const error = await rejection(work, 'the stage')
      ok(
        error instanceof TypeError &&
          /triple: this runtime cannot load TypeScript.*typescript-work\.ts/.test(error.message),
        String(error),
      )
    },
    { needs: runtime ? ['worker-files', 'processes'] : ['worker-files'] },
  )
}
