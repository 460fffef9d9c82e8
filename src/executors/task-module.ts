import type { TaskContext } from './task-context.ts'

/** A function that a worker calls with each item. A function that declares one parameter gets the item alone. */
// biome-ignore lint/suspicious/noExplicitAny: items of any type
export type Task = (item: any, context: TaskContext<any>) => unknown

/** What a worker makes of its module. */
export interface TaskModule {
  /** Called once in each worker, before the first item, with the stage's `data`. */
  readonly setup?: (data: unknown) => unknown
  /** Called once in each worker that ends in peace. */
  readonly teardown?: () => unknown
  readonly [name: string]: unknown
}

/** The name of the function where nobody gave one: the default export, or the only one. */
export const UNNAMED = 'default'

/** The function of that name, or an error that says what to do. */
export function taskOf(module: TaskModule, name: string, where: string): Task {
  const tasks = tasksOf(module)
  const task = tasks[name]
  if (typeof task === 'function') return task as Task
  const names = Object.keys(tasks).filter(key => typeof tasks[key] === 'function' && !isHook(key))
  if (name === UNNAMED && task === undefined && names.length === 1) return tasks[names[0] as string] as Task
  const kind = task === undefined ? 'missing' : `not a function but ${typeof task}`
  const others = names.length > 0 ? ` The functions it has: ${names.join(', ')}.` : ''
  throw new TypeError(
    `${where}: the export ${JSON.stringify(name)} is ${kind}. Export a function of that name, or say which with the option \`name\`.${others}`,
  )
}

/** A module's exports; a CommonJS module may have them all in its `default`. */
function tasksOf(module: TaskModule): TaskModule {
  const inner = module.default
  return typeof inner === 'object' && inner !== null ? { ...inner, ...module, default: undefined } : module
}

function isHook(name: string): boolean {
  return name === 'setup' || name === 'teardown'
}
