/** Looks at the number that tell that it moves no more, and milliseconds between two of them. */
const LOOKS = 25
const PAUSE = 5

interface StillOptions {
  /** What it must not exceed: there is no need to wait longer. */
  readonly limit?: number
  /** What is waited for. */
  readonly until?: number
}

/**
 * Waits until a number has come to rest: it shows that something has stopped, not that it is quick. What goes through a
 * socket, a thread or a disk gives no other sign. One that is waited for has up to five seconds.
 */
export async function still(
  count: () => number | Promise<number>,
  { limit = Infinity, until }: StillOptions = {},
): Promise<void> {
  let last = await count()
  for (let same = 0; same < (until === undefined ? LOOKS : 1000); ) {
    if (last > limit || last === until) return
    await new Promise(resolve => setTimeout(resolve, PAUSE))
    const now = await count()
    same = now === last ? same + 1 : 0
    last = now
  }
}
