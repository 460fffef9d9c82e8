/** What a check may need of the runtime. */
export type Ability =
  /** SharedArrayBuffers can be given to workers. */
  | 'shared-memory'
  /** `runtime: 'threads'`. */
  | 'threads'
  /** `runtime: 'processes'`. */
  | 'processes'
  /** A worker that ends itself is noticed. */
  | 'exit'
  /** `resourceLimits` are kept. */
  | 'resource-limits'
  /** Endless loops can be ended. */
  | 'terminate'
  /** Worker files are named by URL, and loaded by the runtime. */
  | 'worker-files'

/** A worker module: its URL, or a function that makes a worker. */
// biome-ignore lint/suspicious/noExplicitAny: what `parallel` takes differs by entry
type Target = any

/** Where the checks run. */
export interface Environment {
  /** `node`, `deno`, `bun` or the browser's. */
  readonly runtime: string
  /** Node's name for the operating system; a page does not know it. */
  readonly platform?: string
  /** What stands for the suite's `work.js`. */
  readonly work: Target
  /** The URL of another file beside `work.js`. */
  file(name: string): URL
  /** Whether this runtime can load a worker in TypeScript. */
  readonly typescript: boolean
  /** Why this runtime lacks an ability; undefined: it has it. */
  lacks(ability: Ability): string | undefined
  /** Of a runtime with processes. */
  kill?(pid: number): void
  /** A new file that does not exist, and how to read it. */
  scratch?(): { readonly path: string; read(): string; remove(): void }
}
