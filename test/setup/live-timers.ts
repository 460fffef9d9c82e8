type Node = {
  readonly versions?: { readonly deno?: string; readonly bun?: string }
  getActiveResourcesInfo?(): string[]
}

const { process } = globalThis as { readonly process?: Node }
const asked = process?.getActiveResourcesInfo && !process.versions?.deno && !process.versions?.bun
const live = new Set<unknown>()

// Only Node tells what is running. Elsewhere the calls are counted, from the first import of this file on.
if (!asked) {
  const { setTimeout: set, clearTimeout: clear } = globalThis
  globalThis.setTimeout = ((task: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
    const timer = set(() => {
      live.delete(timer)
      task(...args)
    }, ms)
    live.add(timer)
    return timer
  }) as typeof setTimeout
  globalThis.clearTimeout = ((timer: never) => {
    live.delete(timer)
    clear(timer)
  }) as typeof clearTimeout
}

/** How many timers wait. */
export function liveTimers(): number {
  if (!asked) return live.size
  return (
    process.getActiveResourcesInfo?.().filter(name => name === 'Timeout' || name === 'Immediate').length ?? 0
  )
}
