const PERIOD_MS = 10
const SATURATED_MS = 1500

/**
 * Runs a pipeline for a while with a timer of 10 ms beside it, which is set again whenever it has fired, and gives
 * how late that was: in 99 of 100 cases no later.
 */
export async function lateness(run: (size: number) => Promise<unknown>): Promise<number> {
  const late: number[] = []
  const size = await sizeFor(run)
  let due = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  function set(): void {
    due = performance.now() + PERIOD_MS
    timer = setTimeout(() => {
      late.push(performance.now() - due)
      set()
    }, PERIOD_MS)
  }
  set()
  await run(size)
  // A pipeline that never handed back has kept the timer waiting until now.
  late.push(Math.max(0, performance.now() - due))
  clearTimeout(timer)
  return late.sort((a, b) => a - b)[Math.ceil(late.length * 0.99) - 1] as number
}

/** How many items keep the pipeline running for that long. */
async function sizeFor(run: (size: number) => Promise<unknown>): Promise<number> {
  for (let size = 10_000; ; size *= 2) {
    const start = performance.now()
    await run(size)
    const took = performance.now() - start
    if (took > 100) return Math.ceil((size / took) * SATURATED_MS)
  }
}
