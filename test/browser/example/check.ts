import { isDeepStrictEqual } from 'node:util'

export function equal(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return
  throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`)
}

export function ok(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

/** What came of the checks so far. */
export interface Counts {
  readonly passed: number
  readonly failed: number
}

let passed = 0
let failed = 0
export const counts = (): Counts => ({ passed, failed })

/** Runs a check and prints what became of it: it throws when something is wrong, and may give some information. */
export async function check(name: string, run: () => Promise<string | undefined>): Promise<void> {
  const start = performance.now()
  const [word, info] = await run().then(
    info => {
      passed++
      return ['ok    ', info ?? '']
    },
    error => {
      failed++
      return ['FAILED', error instanceof Error ? error.message : String(error)]
    },
  )
  const ms = String(Math.round(performance.now() - start)).padStart(7)
  console.log(`  ${word} ${ms} ms  ${name}${info && `: ${info}`}`)
}
