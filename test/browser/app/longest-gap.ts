/** Measures for how long nothing else could run on this thread, while `work` did; in milliseconds. */
export async function longestGap(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let last = performance.now()
  let over = false
  const tick = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!over) setTimeout(tick)
  }
  tick()
  await work()
  tick()
  over = true
  return longest
}
