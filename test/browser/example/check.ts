import { isDeepStrictEqual } from 'node:util'

export function equal(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return
  throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`)
}

export function ok(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

let failures = 0
/** How many checks have failed so far. */
export const failed = (): number => failures

/** Runs a check and prints what became of it: it throws when something is wrong, and may give some information. */
export async function check(name: string, run: () => Promise<string | undefined>): Promise<void> {
  const start = performance.now()
  const [word, info] = await run().then(
    info => ['ok    ', info ?? ''],
    error => {
      failures++
      return ['FAILED', error instanceof Error ? error.message : String(error)]
    },
  )
  const ms = String(Math.round(performance.now() - start)).padStart(7)
  console.log(`  ${word} ${ms} ms  ${name}${info && `: ${info}`}`)
}
