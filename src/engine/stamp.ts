/** Marks that one look at the clock does for, at the most. */
const MOST = 8
/** Only while they come that quickly, in milliseconds for all of them. */
const QUICK = 1

let at = 0
let left = 0
let stride = 1

/**
 * The present moment, by `performance.now()`, for what may take a while and `explain` may be asked about. A look at the
 * clock costs 40 ns, which is too much for every item: while the calls come quickly, only each eighth looks. The others
 * give the moment of that look, negative: it was later.
 */
export function stamp(): number {
  if (--left > 0) return -at
  const now = performance.now()
  left = stride = now - at < QUICK ? Math.min(MOST, 2 * stride) : 1
  at = now
  return at
}
