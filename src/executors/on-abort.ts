const WAITING = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls `callback` when `signal` fires, until the function that it gives is called. However many there are, they share
 * one listener: Node warns of a leak where a signal has more than ten.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = WAITING.get(signal) ?? listen(signal)
  callbacks.add(callback)
  return () => callbacks.delete(callback)
}

function listen(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>()
  WAITING.set(signal, callbacks)
  const call = (): void => {
    for (const callback of [...callbacks]) callback()
  }
  signal.addEventListener('abort', call, { once: true })
  return callbacks
}
