/** npm and tsx may pass on the Ctrl-C that the terminal has sent to the whole group already: it is one all the same. */
const REPEATED = 300

/** A signal that fires at the first Ctrl-C. The second one ends the process at once. */
export function onCtrlC(): AbortSignal {
  const stop = new AbortController()
  let first = 0
  process.on('SIGINT', () => {
    if (!stop.signal.aborted) {
      first = performance.now()
      stop.abort()
    } else if (performance.now() - first > REPEATED) process.exit(130)
  })
  return stop.signal
}
