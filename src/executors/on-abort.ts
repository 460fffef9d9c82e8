const WAITING = new WeakMap<AbortSignal, (() => void)[]>()

/**
 * Calls `listener` when the signal fires; gives a function that takes it back. However many listen, the signal has one
 * listener: runtimes warn of more than a few.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  let waiting = WAITING.get(signal)
  if (!waiting) {
    // No Set: V8 makes a new table after every few changes, and the old ones refer to what comes after them. One that
    // has grown old then keeps all that followed from the young collector.
    waiting = []
    WAITING.set(signal, waiting)
    const all = waiting
    signal.addEventListener('abort', () => {
      for (const each of [...all]) each()
    })
  }
  const all = waiting
  all.push(listener)
  return () => {
    const at = all.indexOf(listener)
    if (at >= 0) all.splice(at, 1)
  }
}
