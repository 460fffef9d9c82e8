import type { Verbs } from './verbs.ts'

const ITEMS = 2000
/** A library that needs longer for a round than this has nothing more to learn from a second one. */
const LONG_MS = 150
const words = Array.from({ length: ITEMS }, (_, index) => ({ index, word: `w${index}` }))
type Word = (typeof words)[number]

const count = (sum: number): number => sum + 1
const add = (sum: number, item: number): number => sum + item

/**
 * A dozen pipelines of other shapes, as a real application runs them: in a fresh process V8 inlines
 * the one chain that it has seen, and the figures flatter. Every library runs the same ones.
 */
export async function pollute<S>(verbs: Verbs<S>): Promise<void> {
  const { range, list, map, filter, scan, flatMap, take, fold } = verbs
  const shapes: (() => S)[] = [
    () =>
      map(
        map(list(words), (o: Word) => ({ ...o, n: o.index })),
        (o: Word) => o.word,
      ),
    () =>
      take(
        scan(
          map(list(words), (o: Word) => o.word.length),
          add,
          0,
        ),
        999,
      ),
    () =>
      map(
        flatMap(range(ITEMS), (n: number) => [n, n]),
        String,
      ),
    () =>
      filter(
        map(list(words), (o: Word) => o.word),
        (word: string) => word.endsWith('7'),
      ),
    () =>
      map(
        filter(range(ITEMS), (n: number) => n % 2 === 0),
        (n: number) => [n],
      ),
    () => scan(range(ITEMS), (last: string, n: number) => (n % 10 === 0 ? '' : last + n), ''),
    () =>
      flatMap(
        map(range(ITEMS), (n: number) => `${n},${n + 1}`),
        (line: string) => line.split(','),
      ),
    () =>
      take(
        filter(range(ITEMS), (n: number) => n > 100),
        500,
      ),
    () =>
      map(
        map(
          map(range(ITEMS), (n: number) => n * 1.5),
          Math.sqrt,
        ),
        (n: number) => n > 9,
      ),
    () =>
      filter(
        flatMap(list(words), (o: Word) => Object.keys(o)),
        (key: string) => key === 'word',
      ),
    () =>
      map(
        scan(
          map(range(ITEMS), (n: number) => -n),
          add,
          0,
        ),
        (n: number) => ({ n }),
      ),
  ]
  if (verbs.batch !== undefined) {
    const { batch, flatten } = verbs as Required<Verbs<S>>
    shapes.push(() =>
      flatten(
        batch(
          filter(range(ITEMS), (n: number) => n % 2 === 1),
          10,
        ),
      ),
    )
    shapes.push(() => map(batch(list(words), 7), (group: Word[]) => group.length))
  }
  const start = performance.now()
  for (let round = 0; round < 4 && performance.now() - start < LONG_MS; round++) {
    for (const shape of shapes) await fold(shape(), count)
    await fold(
      map(range(ITEMS), (n: number) => n / 3),
      add,
    )
  }
}
