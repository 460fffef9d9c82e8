import { add, CAPACITY, type Hop, readAll } from './hop.ts'

export interface Classes {
  readonly TransformStream: typeof TransformStream
  readonly WritableStream: typeof WritableStream
}

/** The identity TransformStream is the queue that the platform has. */
export function queuesOf({ TransformStream, WritableStream }: Classes) {
  const queue = () =>
    new TransformStream<number, number>(undefined, { highWaterMark: CAPACITY }, { highWaterMark: CAPACITY })

  /** A promise per item: each write is awaited. */
  async function send(count: number, writable: WritableStream<number>): Promise<void> {
    const writer = writable.getWriter()
    for (let x = 0; x < count; x++) await writer.write(x)
    await writer.close()
  }

  const sendToReader: Hop = async count => {
    const { readable, writable } = queue()
    const [sum] = await Promise.all([readAll(readable), send(count, writable)])
    return sum
  }

  /** Waits only when the queue is full. */
  const pushToSink: Hop = async count => {
    const { readable, writable } = queue()
    let sum = 0
    const end = readable.pipeTo(
      new WritableStream<number>({
        write(x) {
          sum = add(sum, x)
        },
      }),
    )
    const writer = writable.getWriter()
    for (let x = 0; x < count; x++) {
      if ((writer.desiredSize as number) <= 0) await writer.ready
      // Whether it arrived is seen from the sum; a promise that nobody waits for must not be forgotten either.
      writer.write(x).catch(() => {})
    }
    await Promise.all([writer.close(), end])
    return sum
  }

  return { sendToReader, pushToSink }
}

export const { sendToReader, pushToSink } = queuesOf(globalThis)
