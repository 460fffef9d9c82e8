/** The platform's own quickest later turn of the event loop, whatever a test puts in its place; browsers have no `setImmediate`. */
export const immediately: (task: () => void) => void = globalThis.setImmediate ?? byMessage

/** A turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise(soon)
}

/** Calls `task` in a later turn of the event loop. */
export function soon(task: () => void): void {
  if (typeof setImmediate === 'function') setImmediate(task)
  else byMessage(task)
}

function byMessage(task: () => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    task()
  }
  port2.postMessage(undefined)
}
