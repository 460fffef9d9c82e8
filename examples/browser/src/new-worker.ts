/** The functions of the web workers, for the types of `parallel` and `createPool`. */
export type Work = typeof import('./worker.ts')

/** Written this way, bundlers see that the file is a worker, and bundle it too. */
export const newWorker = (): Worker => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
