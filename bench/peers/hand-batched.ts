import type { Variant } from '../harness/scenario.ts'

const SIZE = 256

/**
 * What somebody can do about native streams without a library: make every chunk an array and write the inner loops
 * by hand. The stream's items are then no longer the items, so that it is shown, and ranked with nothing.
 */
export const handBatched = (steps: readonly ((x: number) => number)[]): Variant => ({
  name: `native, arrays of ${SIZE}`,
  role: 'reference',
  load: async () => ({
    async run(size: number) {
      let next = 0
      let stream = new ReadableStream<number[]>({
        pull(control) {
          if (next === size) return control.close()
          const chunk: number[] = []
          while (next < size && chunk.length < SIZE) chunk.push(next++)
          control.enqueue(chunk)
        },
      })
      for (const step of steps) {
        stream = stream.pipeThrough(
          new TransformStream<number[], number[]>({
            transform: (chunk, control) => control.enqueue(chunk.map(x => step(x))),
          }),
        )
      }
      let sum = 0
      for await (const chunk of stream) for (const x of chunk) sum = (sum + x) | 0
      return sum
    },
  }),
})
