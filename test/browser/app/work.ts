import type * as functions from './workers/work.ts'

export type Work = typeof functions

/** The worker most checks use, as a user writes it. */
export const work = (): Worker =>
  new Worker(new URL('./workers/work.ts', import.meta.url), { type: 'module' })
