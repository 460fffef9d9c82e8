/** Sends `count` integers through a bounded queue, one at a time, and gives the sum of what arrives. */
export type Hop = (count: number) => Promise<number>

/** Room in the queue, in every library. */
export const CAPACITY = 64

export const add = (sum: number, x: number): number => (sum + x) | 0

export function sumOf(count: number): number {
  let sum = 0
  for (let x = 0; x < count; x++) sum = add(sum, x)
  return sum
}

/** Takes the items one by one, as a consumer that may have to wait does. */
export async function readAll(readable: ReadableStream<number>): Promise<number> {
  const reader = readable.getReader()
  let sum = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return sum
    sum = add(sum, value)
  }
}
