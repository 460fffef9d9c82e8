import type { Inbox } from './inbox.ts'
import type { WaitingRoom } from './waiting-room.ts'

/** Where a stage's items wait, and those who have no room in there: in the order in which they came, or in another. */
export interface Line<I> {
  readonly inbox: Inbox<I>
  readonly waiting: WaitingRoom<I>
}
