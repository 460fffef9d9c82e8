/** The assertions of the suite: they need nothing of any runtime. */

export function ok(condition: unknown, text: string): void {
  if (!condition) throw new Error(text)
}

export function equal(actual: unknown, expected: unknown, text: string): void {
  const [left, right] = [print(actual), print(expected)]
  if (left !== right) throw new Error(`${text}: expected ${cut(right)}, got ${cut(left)}`)
}

/** The same sequence; says where it differs first. */
export function sameOrder(actual: readonly unknown[], expected: readonly unknown[], text: string): void {
  const at = expected.findIndex((value, index) => !Object.is(value, actual[index]))
  if (at >= 0)
    throw new Error(`${text}: position ${at} of ${expected.length} has ${actual[at]}, not ${expected[at]}`)
  equal(actual.length, expected.length, `${text}: length`)
}

/** The same numbers, each exactly as often. */
export function sameSet(actual: readonly number[], expected: readonly number[], text: string): void {
  const sorted = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b)
  const seen = new Set(actual)
  const missing = expected.filter(n => !seen.has(n))
  if (missing.length > 0)
    throw new Error(`${text}: ${missing.length} missing, such as ${missing.slice(0, 5)}`)
  sameOrder(sorted(actual), sorted(expected), text)
}

// biome-ignore lint/suspicious/noExplicitAny: an error of any class
export async function rejection(work: PromiseLike<unknown>, text: string): Promise<any> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error(`${text}: did not fail`)
}

function print(value: unknown): string {
  if (value === undefined) return 'undefined'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function cut(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
