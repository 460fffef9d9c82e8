/** What became of a check. */
export interface CheckResult {
  readonly name: string
  readonly ok: boolean
  /** Figures, or what went wrong. */
  readonly info: string
  readonly ms: number
}

/** Gives figures worth printing; throws if it fails. */
export type Check = () => Promise<string | undefined>

const LIMIT = 40_000

/** Runs a check to its end, or for a minute. */
export async function runCheck(name: string, check: Check): Promise<CheckResult> {
  const start = performance.now()
  const took = () => Math.round(performance.now() - start)
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${LIMIT} ms`)), LIMIT)
  })
  try {
    const info = await Promise.race([check(), limit])
    return { name, ok: true, info: info ?? '', ms: took() }
  } catch (error) {
    return { name, ok: false, info: String((error as Error)?.stack ?? error), ms: took() }
  } finally {
    clearTimeout(timer)
  }
}

/** Throws unless they look the same. */
export function equal(actual: unknown, expected: unknown, what = 'value'): void {
  const [a, b] = [actual, expected].map(value => JSON.stringify(value) ?? String(value))
  if (a !== b) throw new Error(`${what}: expected ${short(b)}, got ${short(a)}`)
}

export function ok(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(what)
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Record<string, unknown> & Error> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    return error as Record<string, unknown> & Error
  }
  throw new Error(`expected a rejection, got ${short(JSON.stringify(value))}`)
}

function short(text: string | undefined): string {
  return text && text.length > 200 ? `${text.slice(0, 200)}…` : String(text)
}
