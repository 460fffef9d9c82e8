import type { SpillError } from '../../errors.ts'
import type { Frame } from './record.ts'
import type { SpillStore } from './spill-store.ts'

/** What a spill strategy was asked for, checked and complete. */
export interface SpillPlan<T> {
  readonly store: SpillStore
  readonly prefix: string
  readonly memory: number
  readonly maxBytes: number
  readonly sync: boolean
  readonly whenFull: 'wait' | 'reject'
  readonly onCorrupt: ((error: SpillError) => void) | undefined
  readonly encode: (item: T) => Frame
  readonly decode: (frame: Frame) => T
}
