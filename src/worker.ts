export { type Exposed, expose } from './executors/expose.ts'
export type { TaskContext } from './executors/task-context.ts'
export type { Task } from './executors/task-module.ts'
