import { type SpillDetails, SpillError } from '../../errors.ts'
import { said } from '../../internal/said.ts'
import type { SpillAccount } from './spill-account.ts'
import type { SpillLog } from './spill-log.ts'
import type { SpillPlan } from './spill-plan.ts'
import { storeError } from './store-error.ts'

/** What the port behind a reader does. */
interface ReaderHooks {
  /** Nothing more can be read. */
  fall(error: unknown): void
  /** There may be something to read. */
  filled(): void
}

/** Takes items out of the log, and deals with those that cannot be read. */
export class SpillReader<I> {
  readonly #plan: SpillPlan<I>
  readonly #stage: string
  readonly #log: SpillLog
  readonly #account: SpillAccount
  readonly #hooks: ReaderHooks
  #filling = false
  /** The store could not be read on: that is told once what is in memory has been taken. */
  #failure: SpillError | undefined
  /** The item that was read. */
  item!: I

  constructor(plan: SpillPlan<I>, stage: string, log: SpillLog, account: SpillAccount, hooks: ReaderHooks) {
    this.#plan = plan
    this.#stage = stage
    this.#log = log
    this.#account = account
    this.#hooks = hooks
  }

  /** Reads an item, if one is at hand. */
  read(): boolean {
    for (;;) {
      const frame = this.#log.peek()
      if (!frame) {
        this.#mend()
        return false
      }
      try {
        this.item = this.#plan.decode(frame)
        // The user's function may have ended the stage.
        if (this.#account.left) return false
        this.#log.take()
        return true
      } catch (cause) {
        const { key } = this.#log
        const what = `an item of record ${key} cannot be decoded: ${said(cause)}`
        if (!this.#passes(what, { key, record: frame.bytes, cause })) return false
        this.#log.skip()
      }
    }
  }

  /** Everything before what cannot be read has been taken. */
  #mend(): void {
    const { damage } = this.#log
    if (this.#failure) this.#hooks.fall(this.#failure)
    else if (damage) {
      const { key, bytes: record, what } = damage
      if (this.#passes(`record ${key} is corrupt: ${what}`, { key, record })) this.#log.pass()
    }
  }

  /** Whether the user wants to go on without what cannot be read. */
  #passes(what: string, details: SpillDetails): boolean {
    const error = new SpillError('ERR_SPILL_CORRUPT', this.#stage, what, details)
    try {
      if (!this.#plan.onCorrupt) throw error
      this.#plan.onCorrupt(error)
    } catch (thrown) {
      this.#hooks.fall(thrown)
    }
    return !this.#account.left
  }

  /** Reads records from the store, where there are some and there is room for them. */
  fill(): void {
    if (this.#filling || this.#failure || !this.#log.thirsty) return
    this.#filling = true
    this.#log
      .fill()
      .catch(cause => {
        this.#failure = storeError(this.#stage, 'could not be read', cause)
      })
      .then(() => {
        this.#filling = false
        this.#hooks.filled()
      })
  }
}
