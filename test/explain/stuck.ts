import type { Stage } from 'sluice'
import type { Wait } from '../../src/engine/wait.ts'
import { stageOf } from '../../src/stage.ts'

/** A promise that nobody keeps. */
export const never = (): Promise<never> => new Promise(() => {})

/** A stage whose step never comes back, and says why: as one does whose policies stand between it and its function. */
export function guarded<T>(name: string, wait: Wait): Stage<T, T> {
  return stageOf<T, T>(name, { step: { apply: never, waitsOn: () => wait } })
}
