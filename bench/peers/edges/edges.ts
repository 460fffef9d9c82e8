/** What stands at both ends of the scenarios of native edges: streams of the platform, whatever is between. */

export const steps: readonly ((x: number) => number)[] = [x => (x * 3) & 0xffff, x => x ^ 0x55, x => x + 7]

export function sumOf(stages: number, count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) {
    let x = i
    for (let at = 0; at < stages; at++) x = (steps[at] as (x: number) => number)(x)
    sum = (sum + x) | 0
  }
  return sum
}

/** Gives single items, when it is asked to. */
export function numbers(count: number): ReadableStream<number> {
  let next = 0
  return new ReadableStream({
    pull: control => (next < count ? control.enqueue(next++) : control.close()),
  })
}

export type End = (stream: ReadableStream<number>) => Promise<number>

export const intoSink: End = async stream => {
  let sum = 0
  await stream.pipeTo(
    new WritableStream({
      write(x) {
        sum = (sum + x) | 0
      },
    }),
  )
  return sum
}

export const forAwait: End = async stream => {
  let sum = 0
  for await (const x of stream) sum = (sum + x) | 0
  return sum
}

export const throughReader: End = async stream => {
  const reader = stream.getReader()
  let sum = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return sum
    sum = (sum + value) | 0
  }
}
