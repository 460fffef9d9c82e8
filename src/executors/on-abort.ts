const WAITING = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls `listener` when the signal fires; gives a function that takes it back. However many listen, the signal has one
 * listener: runtimes warn of more than a few.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  let waiting = WAITING.get(signal)
  if (!waiting) {
    waiting = new Set()
    WAITING.set(signal, waiting)
    const all = waiting
    signal.addEventListener('abort', () => {
      for (const each of [...all]) each()
    })
  }
  const all = waiting
  all.add(listener)
  return () => all.delete(listener)
}
