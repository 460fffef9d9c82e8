import type { Check } from './check.ts'
import type { Environment } from './environment.ts'

export type CheckResult = { readonly name: string; readonly ms: number } & (
  | { readonly status: 'passed' }
  | { readonly status: 'skipped'; readonly reason: string }
  | { readonly status: 'failed'; readonly reason: string }
)

/** Runs checks one after the other. `after` may find fault with what a check has left behind. */
export async function runChecks(
  checks: readonly Check[],
  environment: Environment,
  report: (result: CheckResult) => void,
  after: () => Promise<string | undefined> = async () => undefined,
  mostRounds = Infinity,
): Promise<void> {
  for (const check of checks) {
    const { name, options } = check
    const lack = options.needs?.map(ability => environment.lacks(ability)).find(reason => reason)
    if (lack !== undefined) {
      report({ name, ms: 0, status: 'skipped', reason: lack })
      continue
    }
    const start = performance.now()
    let reason: string | undefined
    const rounds = Math.min(options.rounds ?? 1, mostRounds)
    for (let round = 1; round <= rounds && reason === undefined; round++) {
      try {
        await within(options.limit ?? 20_000, check.run(environment, round))
      } catch (error) {
        reason = error instanceof Error ? `${error.message}\n${error.stack}` : `threw ${String(error)}`
      }
      const fault = await after()
      if (fault) reason = reason === undefined ? fault : `${reason}\n${fault}`
      if (reason !== undefined && rounds > 1) reason = `round ${round}: ${reason}`
    }
    const ms = Math.round(performance.now() - start)
    report(reason === undefined ? { name, ms, status: 'passed' } : { name, ms, status: 'failed', reason })
  }
}

async function within(limit: number, work: unknown): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`hangs: nothing for ${limit} ms`)), limit)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
