import type { Variant } from '../harness/scenario.ts'
import type { Verbs } from './verbs.ts'

// As many hot pipelines as there are loops to own, and more: each is told from the others by the text of its function.
const others: readonly ((x: number) => unknown)[] = [
  x => x + 1,
  x => x ^ 3,
  x => x / 2,
  x => `${x}`,
  x => ({ x }),
  x => [x],
  x => x > 5,
  x => -x,
  x => x % 7,
  x => x & 3,
  x => typeof x,
  x => (x > 5 ? x : 0.5),
]

const LONG = 100_000

const count = (sum: number): number => sum + 1

/**
 * Our own variants once more, in a process in which other pipelines got hot first and took all the loops that a group may
 * have to itself: what a chain is left with in a process with many hot ones.
 */
export function loopsTaken(variants: readonly Variant[]): Variant[] {
  return variants
    .filter(({ role }) => role === 'ours')
    .map(variant => ({
      ...variant,
      name: `${variant.name}, loops taken`,
      async load() {
        const subject = await variant.load()
        return {
          ...subject,
          async pollute() {
            await subject.pollute?.()
            const { sluice } = await import('./sluice.ts')
            await takeLoops(sluice as Verbs<unknown>)
          },
        }
      },
    }))
}

async function takeLoops({ range, map, filter, fold }: Verbs<unknown>): Promise<void> {
  for (const fn of others) await fold(filter(map(range(LONG), fn), Boolean), count)
}
