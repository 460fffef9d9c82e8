import type { Verbs } from './verbs.ts'

/** A library that needs longer than this for its rounds so far has nothing more to learn from another. */
const LONG_MS = 150

/** For chains longer than any in an example: a chain of eight must not be the first that long in its process. */
const anything: readonly ((item: unknown) => unknown)[] = [
  item => [item],
  item => String(item),
  item => ({ item }),
  item => typeof item,
  item => (item as string).length,
  item => (item as number) / 3,
  item => item === 2,
  item => [item, item],
  item => (item as unknown[])[0],
  item => (item ? 1 : 0.5),
]

interface Word {
  readonly index: number
  readonly word: string
}

const count = (sum: number): number => sum + 1
const add = (sum: number, item: number): number => sum + item

/**
 * Runs two dozen pipelines of other shapes first, as a real application does: in a fresh process V8 inlines the one
 * chain that it has seen, and the figures flatter. Every library runs the same ones.
 */
export async function pollute<S>(verbs: Verbs<S>): Promise<void> {
  const start = performance.now()
  for (const items of [300, 2000, 2000, 2000]) {
    if (performance.now() - start > LONG_MS) return
    for (const shape of shapesOf(verbs, items)) await verbs.fold(shape(), count)
    const thirds = verbs.map(verbs.range(items), (n: number) => n / 3)
    await verbs.fold(thirds, add)
  }
}

function shapesOf<S>(verbs: Verbs<S>, items: number): (() => S)[] {
  const { map, filter, scan, flatMap, take, batch, flatten } = verbs
  const words = Array.from({ length: items }, (_, index): Word => ({ index, word: `w${index}` }))
  const numbers = () => verbs.range(items)
  const list = () => verbs.list(words)
  const names = () => map(list(), (o: Word) => o.word)
  const lengths = () => map(list(), (o: Word) => o.word.length)
  const lines = () => map(numbers(), (n: number) => `${n},${n + 1}`)
  const odd = () => filter(numbers(), (n: number) => n % 2 === 1)
  const keys = () => flatMap(list(), (o: Word) => Object.keys(o))
  const pairs = () => flatMap(numbers(), (n: number) => [n, n])
  const roots = () => map(numbers(), Math.sqrt)

  const shapes = [
    () =>
      map(
        map(list(), (o: Word) => ({ ...o, n: o.index })),
        (o: Word) => o.word,
      ),
    () => take(scan(lengths(), add, 0), 99),
    () => map(pairs(), String),
    () => filter(names(), (word: string) => word.endsWith('7')),
    () => map(odd(), (n: number) => [n]),
    () => scan(numbers(), (last: string, n: number) => (n % 10 === 0 ? '' : last + n), ''),
    () => flatMap(lines(), (line: string) => line.split(',')),
    () =>
      take(
        filter(numbers(), (n: number) => n > 100),
        50,
      ),
    () =>
      map(
        map(roots(), (n: number) => n * 1.5),
        (n: number) => n > 9,
      ),
    () => filter(keys(), (key: string) => key === 'word'),
    () => map(scan(roots(), add, 0), (n: number) => ({ n })),
  ]
  for (const [at, length] of [5, 6, 7, 8, 9, 12, 16, 8].entries()) {
    shapes.push(() => {
      let chain = numbers()
      // Each chain begins with another function, so that every place in a chain has seen several.
      for (let step = 0; step < length; step++) {
        chain = map(chain, anything[(at + step) % anything.length] as (item: unknown) => unknown)
      }
      return at % 2 === 0 ? chain : filter(chain, (item: unknown) => item !== 0)
    })
  }
  if (batch !== undefined && flatten !== undefined) {
    shapes.push(() => flatten(batch(odd(), 10)))
    shapes.push(() => map(batch(list(), 7), (group: Word[]) => group.length))
  }
  return shapes
}
