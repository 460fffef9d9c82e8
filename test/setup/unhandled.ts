/** Tells of rejections that nobody handles; gives what ends that. */
export function onUnhandledRejection(listener: (reason: unknown) => void): () => void {
  if ('process' in globalThis) {
    process.on('unhandledRejection', listener)
    return () => void process.off('unhandledRejection', listener)
  }
  const hear = (event: Event): void => {
    event.preventDefault()
    listener((event as PromiseRejectionEvent).reason)
  }
  addEventListener('unhandledrejection', hear)
  return () => removeEventListener('unhandledrejection', hear)
}
