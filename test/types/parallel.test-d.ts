import { from, map, type Stage } from 'sluice'
import { createPool, type ParallelStage, parallel, type TaskError } from 'sluice/parallel'
import type { TaskContext } from 'sluice/worker'
import { expectTypeOf, test } from 'vitest'

type Tasks = typeof import('../executors/work/tasks.ts')
declare const url: URL
const lengthOf = (text: string): number => text.length

test('parallel() takes its types from the default export', () => {
  const stage = parallel<Tasks>(url, { threads: 2 })
  expectTypeOf(stage).toExtend<Stage<number, number>>()
  expectTypeOf(from([1]).pipeThrough(stage)).toExtend<ReadableStream<number>>()
  // @ts-expect-error: the function takes numbers
  from(['a']).pipeThrough(parallel<Tasks>(url))
})

test('what a page can move, its stages and its workers can', () => {
  const task = (image: ImageBitmap, { transfer }: TaskContext) => (transfer([image]), image)
  const port = (port: MessagePort, { transfer }: TaskContext) => (transfer([port]), port)
  parallel<{ task: typeof task }, 'task'>(url, { name: 'task', transfer: image => [image] })
  parallel<{ port: typeof port }, 'port'>(url, { name: 'port', transfer: port => [port] })
})

test('the buffer of an array can be named to be moved, whatever kind it may be of', () => {
  const task = (bytes: Uint8Array, { transfer }: TaskContext) => (transfer([bytes.buffer]), bytes)
  parallel<{ task: typeof task }, 'task'>(url, { name: 'task', transfer: bytes => [bytes.buffer] })
})

test('parallel() takes its types from the export that it is told', () => {
  const stage = parallel<Tasks, 'describeItem'>(url, { name: 'describeItem', key: item => item.id })
  expectTypeOf(stage).toExtend<Stage<{ id: number; name: string }, string>>()
  expectTypeOf(parallel<Tasks, 'later'>(url, { name: 'later' })).toExtend<Stage<number, number>>()
  // @ts-expect-error: no such function
  parallel<Tasks, 'missing'>(url, { name: 'missing' })
  // @ts-expect-error: a hook is called by the pool
  parallel<Tasks, 'setup'>(url, { name: 'setup' })
  // @ts-expect-error: not a function
  parallel<Tasks, 'version'>(url, { name: 'version' })
})

test('parallel() with the type of the module alone takes what any of its functions takes', () => {
  const stage = parallel<Tasks>(url, { name: 'describeItem' })
  from([{ id: 1, name: 'a' }]).pipeThrough(stage)
  // @ts-expect-error: no such function
  parallel<Tasks>(url, { name: 'missing' })
})

test('parallel() of a pool finds the function by its name', () => {
  const pool = createPool<Tasks>(url, { threads: { min: 1, max: 4 } })
  expectTypeOf(parallel(pool)).toExtend<Stage<number, number>>()
  expectTypeOf(parallel(pool, { name: 'describeItem' })).toExtend<
    Stage<{ id: number; name: string }, string>
  >()
  // @ts-expect-error: the pool has its threads
  parallel(pool, { threads: 2 })
})

test('parallel() without a type takes anything', () => {
  from(['a']).pipeThrough(parallel(url)).pipeThrough(map(lengthOf))
  const named = parallel(url, {
    name: 'describeItem',
    key: (item: { id: number }) => item.id,
    transfer: (item: { bytes: Uint8Array }) => [item.bytes.buffer],
  })
  expectTypeOf(from([1]).pipeThrough(named)).toExtend<ReadableStream<string>>()
  parallel(createPool(url), { key: (item: { id: number }) => item.id })
})

test('the stage options know the item and the result', () => {
  parallel<Tasks, 'describeItem'>(url, {
    name: 'describeItem',
    onError: (error, item) => `${item.name}: ${error}`,
    transfer: () => [],
  })
})

test('a replacement may be of another type than the results', () => {
  const failed = (error: unknown) => ({ failed: `${error}` })
  type Failed = ReturnType<typeof failed>
  expectTypeOf(parallel<Tasks, 'default', Failed>(url, { onError: failed })).toEqualTypeOf<
    ParallelStage<number, number | Failed>
  >()
  expectTypeOf(
    parallel(createPool<Tasks>(url), { onError: (error, item) => (item.toFixed(), failed(error)) }),
  ).toEqualTypeOf<ParallelStage<number, number | Failed>>()
  const named = { name: 'describeItem', onError: failed } as const
  expectTypeOf(parallel(createPool<Tasks>(url), named)).toEqualTypeOf<
    ParallelStage<{ id: number; name: string }, string | Failed>
  >()
  // @ts-expect-error: it is not what was said
  parallel<Tasks, 'default', Failed>(url, { onError: () => 'text' })
})

test('with the type of the module alone, whatever a replacement is may come out', () => {
  const stage = parallel<Tasks>(url, { onError: (error, item) => ({ item: item.toFixed(), error }) })
  expectTypeOf(stage).toEqualTypeOf<ParallelStage<number, unknown>>()
  expectTypeOf(
    parallel<Tasks, 'describeItem'>(url, { name: 'describeItem', onError: (_, item) => item.id }),
  ).toEqualTypeOf<ParallelStage<{ id: number; name: string }, unknown>>()
})

test('a replacement that is a result, and leaving an item out, change nothing', () => {
  const same = expectTypeOf<ParallelStage<number, number>>()
  same.toEqualTypeOf(parallel<Tasks>(url, { onError: async () => 0 }))
  same.toEqualTypeOf(parallel<Tasks>(url, { onError: (_error, _item, { skip }) => skip }))
  same.toEqualTypeOf(parallel<Tasks>(url, { onError: 'skip' }))
  same.toEqualTypeOf(parallel(createPool<Tasks>(url), { onError: (_error, _item, { skip }) => skip }))
  same.toEqualTypeOf(parallel(createPool<Tasks>(url), { onError: 'skip' }))
})

test('a task error narrows by its code', () => {
  const error = {} as TaskError
  if (error.code === 'ERR_TASK_TIMEOUT') expectTypeOf(error.timeout).toEqualTypeOf<number>()
  else expectTypeOf(error.attempts).toEqualTypeOf<number>()
})
