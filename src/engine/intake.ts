import type { QueueStrategy } from '../strategy.ts'
import type { Verdict } from './block-inbox.ts'
import { BlockIntake, type Thrown } from './block-intake.ts'
import { Inbox } from './inbox.ts'
import type { Line } from './line.ts'
import type { PushPort } from './port.ts'
import { type IntakeOptions, Refusals } from './refusals.ts'
import { type OfferOptions, WaitingRoom } from './waiting-room.ts'

/**
 * The port of a stage with a strategy of ours: the inbox, with the promises and timers that its answers take. In the
 * lossy modes a flow piped in is never made to wait.
 */
export class Intake<I> extends BlockIntake<I> implements PushPort<I> {
  declare readonly inbox: Inbox<I>
  declare protected readonly waiting: WaitingRoom<I>
  readonly #refusals: Refusals<I>
  readonly #timeout: number | undefined

  constructor(strategy: QueueStrategy<I>, options: IntakeOptions<I>, line?: Line<I>) {
    super(strategy, options.name, line?.inbox ?? new Inbox(strategy), line?.waiting ?? new WaitingRoom())
    this.#refusals = new Refusals(this.inbox, options)
    this.#timeout = strategy.timeout
  }

  protected override get lax(): boolean {
    return this.inbox.mode === 'reject' || this.#lossy
  }

  get #lossy(): boolean {
    return this.inbox.mode === 'dropNewest' || this.inbox.mode === 'dropOldest'
  }

  override get room(): Promise<void> | undefined {
    return this.#lossy ? undefined : super.room
  }

  tryOffer(item: I): boolean {
    return this.open && this.enter(item, true) === 'taken'
  }

  override offer(item: I, limits?: OfferOptions): Promise<boolean> {
    if (limits?.signal?.aborted) return Promise.reject(limits.signal.reason)
    return super.offer(item, limits)
  }

  /** Gives a refusal as its error, unless it is to be `curt`: an error takes 4 µs. */
  protected override enter(item: I, curt?: boolean): Verdict | Thrown {
    const answer = super.enter(item)
    // An error that nobody sees would take a hundred times as long as the refusal itself.
    if (answer !== 'refused' || (curt && !this.#refusals.heard)) return answer
    try {
      return { error: this.#refusals.refuse(item) }
    } catch (error) {
      this.break(error)
      return { error }
    }
  }

  protected override judge(item: I, weight: number): Verdict {
    const verdict = this.inbox.offer(item, weight, this.#refusals.evict)
    if (verdict === 'dropped') this.#refusals.drop(item)
    return verdict
  }

  protected override unheard(error: unknown): void {
    if (!this.#refusals.taken(error)) super.unheard(error)
  }

  protected override notWritten(error: unknown): void {
    if (!this.#refusals.taken(error)) super.notWritten(error)
  }

  protected override wait(
    item: I,
    taken: () => void,
    refused: (error: unknown) => void,
    { timeout = this.#timeout, signal }: OfferOptions = {},
  ): void {
    const expired = (): void => {
      try {
        if (this.inbox.expire(this.#refusals.evict)) {
          this.discardIfOver()
          taken()
        } else this.#refusals.refuse(item, timeout, refused)
      } catch (error) {
        refused(error)
        this.break(error)
      }
      this.pump()
    }
    const gaveUp = (): void => {
      refused(signal?.reason)
      this.pump()
    }
    this.waiting.enter(item, this.weight, { timeout, signal, taken, refused, gaveUp, expired })
  }
}
