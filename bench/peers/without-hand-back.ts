const ITEMS = 2_000_000
const PAIRS = 20

/**
 * What handing control back costs, in per cent of the time of the same pipeline when it never does. The library has
 * no switch for that, so its clock is stopped instead: no time passes, and it never is time to hand back. Both runs
 * are in one process and take turns, since what is looked for is smaller than what two processes differ by; and the
 * quickest of each are compared, since whatever else the machine does can only add to a run.
 */
export async function costOfHandBack(run: (size: number) => Promise<unknown>): Promise<number> {
  const now = performance.now.bind(performance)
  let stopped = false
  performance.now = () => (stopped ? 1 : now())

  async function timed(stop: boolean): Promise<number> {
    let handedBack = false
    const turn = setImmediate(() => {
      handedBack = true
    })
    stopped = stop
    const start = now()
    await run(ITEMS)
    const took = now() - start
    stopped = false
    clearImmediate(turn)
    if (handedBack === stop) throw new Error(stop ? 'it handed back all the same' : 'it never handed back')
    return took
  }

  const fair: number[] = []
  const without: number[] = []
  for (let pair = 0; pair < PAIRS; pair++) {
    fair.push(await timed(false))
    without.push(await timed(true))
  }
  performance.now = now
  return (Math.min(...fair) / Math.min(...without) - 1) * 100
}
