import fc from 'fast-check'
import type { AttemptInfo, DeadLetter, ItemPolicies, RetryOptions } from 'sluice'

/** What comes of one call of the function: at once, after some milliseconds, or never. */
interface Attempt {
  readonly ends: 'value' | 'error' | 'never'
  /** 0: at once, without a promise. */
  readonly after: number
}

const KINDS = ['map', 'filter', 'tap', 'flatMap', 'flatMapAsync', 'sink', 'forEach', 'parallel'] as const

export interface Case {
  readonly kind: (typeof KINDS)[number]
  readonly concurrency: number
  readonly ordered: boolean
  readonly timeout: number | undefined
  readonly retry: RetryOptions<number> | undefined
  readonly onError: 'fail' | 'skip' | 'replace' | 'skipOdd' | 'replaceLater' | 'none'
  /** How long a letter takes to write; -1: no letters. */
  readonly letters: number
  /** For each item, what comes of its calls; afterwards all is well. */
  readonly items: readonly (readonly Attempt[])[]
}

const attempt: fc.Arbitrary<Attempt> = fc.record({
  ends: fc.oneof(
    { weight: 6, arbitrary: fc.constant('error' as const) },
    { weight: 2, arbitrary: fc.constant('value' as const) },
    { weight: 1, arbitrary: fc.constant('never' as const) },
  ),
  after: fc.constantFrom(0, 1, 5, 40),
})

const retry: fc.Arbitrary<RetryOptions<number>> = fc.record({
  attempts: fc.integer({ min: 1, max: 4 }),
  delay: fc.integer({ min: 0, max: 50 }),
  factor: fc.constantFrom(1, 2, 3),
  maxDelay: fc.constantFrom(20, 1000),
  jitter: fc.constantFrom(0, 0.5, 1, true),
  when: fc.constantFrom(
    () => true,
    (_: unknown, { attempt }: AttemptInfo) => attempt < 2,
    (_: unknown, { index }: AttemptInfo) => index % 2 === 0,
  ),
})

export const cases: fc.Arbitrary<Case> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    concurrency: fc.integer({ min: 1, max: 3 }),
    ordered: fc.boolean(),
    timeout: fc.constantFrom(undefined, 20),
    retry: fc.option(retry, { nil: undefined }),
    onError: fc.constantFrom('fail', 'skip', 'replace', 'skipOdd', 'replaceLater', 'none'),
    letters: fc.constantFrom(-1, 0, 30),
    items: fc.array(fc.array(attempt, { maxLength: 4 }), { maxLength: 8 }),
  })
  // Without a timeout nobody would end it. In a worker the timeout is the worker's.
  .filter(({ kind, timeout, items }) => {
    const never = items.flat().some(({ ends }) => ends === 'never')
    return kind === 'parallel' ? timeout === undefined && !never : timeout !== undefined || !never
  })

/** What an item's calls throw: one error for each. */
export class Fault extends Error {
  readonly item: number
  readonly call: number
  constructor(item: number, call: number) {
    super(`call ${call} of item ${item}`)
    this.item = item
    this.call = call
  }
}

/** What should become of an item. */
export interface Fate {
  readonly calls: number
  /** Its own result, its replacement, or nothing. */
  readonly result: 'value' | 'replaced' | 'left out' | 'fails the stage'
  readonly letter: boolean
}

export function fateOf(one: Case, index: number): Fate {
  const { timeout, retry, onError, letters } = one
  const script = one.items[index] as readonly Attempt[]
  for (let call = 1; ; call++) {
    const { ends, after } = script[call - 1] ?? { ends: 'value', after: 0 }
    const late = after > 0 && timeout !== undefined && after > timeout
    if (ends === 'value' && !late) return { calls: call, result: 'value', letter: false }
    const again =
      retry && call < retry.attempts && retry.when?.(undefined, { item: index, index, attempt: call })
    if (again) continue
    const verdict = onError === 'none' ? (letters >= 0 ? 'skip' : 'fail') : onError
    const skipped = verdict === 'skip' || (verdict === 'skipOdd' && index % 2 === 1)
    const result = verdict === 'fail' ? 'fails the stage' : skipped ? 'left out' : 'replaced'
    return { calls: call, result, letter: letters >= 0 }
  }
}

/** The options of a case. `replacement`: what takes the place of the function's result. */
export function policiesOf(
  { timeout, retry, onError, letters }: Case,
  letter: WritableStream<DeadLetter<number>>,
  replacement: (item: number) => unknown,
): ItemPolicies<number, never> {
  const handlers = {
    replace: (_: unknown, item: number) => replacement(item),
    replaceLater: (_: unknown, item: number) => Promise.resolve(replacement(item)),
    skipOdd: (_: unknown, item: number, { skip }: { skip: unknown }) =>
      item % 2 === 1 ? skip : replacement(item),
  }
  return {
    ...(timeout !== undefined && { timeout }),
    ...(retry && { retry }),
    ...(onError !== 'none' && {
      onError: onError === 'fail' || onError === 'skip' ? onError : (handlers[onError] as never),
    }),
    ...(letters >= 0 && { deadLetter: letter }),
  }
}
