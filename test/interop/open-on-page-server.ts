/** How many connections of the tests the page's server still has open, when no more are closed: up to five seconds. */
export async function openOnPageServer(): Promise<number> {
  for (let looks = 0; ; looks++) {
    const open = Number(await (await fetch('/interop/open')).text())
    if (open === 0 || looks === 500) return open
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
