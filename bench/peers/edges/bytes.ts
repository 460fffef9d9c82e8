/** Bytes as `fetch` gives them, three stages that change some of each chunk, and a Response that collects them. */

const CHUNK = 64 * 1024
/** In one Response: a body of 4 MB. */
export const CHUNKS = 64
/** Of the bytes of a chunk, every so many are touched: to touch all of them would measure that and nothing else. */
const STRIDE = 1024

/** A body of a byte stream, as fetch's are. */
export function body(): ReadableStream<Uint8Array> {
  let sent = 0
  return new ReadableStream({
    type: 'bytes',
    pull(control) {
      if (sent++ === CHUNKS) return control.close()
      control.enqueue(new Uint8Array(CHUNK).fill(sent & 0x3f, 0, STRIDE))
    },
  }) as ReadableStream<Uint8Array>
}

type Change = (chunk: Uint8Array) => Uint8Array

const touch = (chunk: Uint8Array, change: (byte: number) => number): Uint8Array => {
  for (let at = 0; at < chunk.length; at += STRIDE) chunk[at] = change(chunk[at] as number)
  return chunk
}

export const changes: readonly Change[] = [
  chunk => touch(chunk, byte => byte + 1),
  chunk => touch(chunk, byte => byte ^ 0x15),
  chunk => touch(chunk, byte => byte + 3),
]

export const sumOfBodies = (size: number): number => size * sumOfBody()

function sumOfBody(): number {
  let sum = 0
  for (let sent = 1; sent <= CHUNKS; sent++) {
    const chunk = new Uint8Array(CHUNK).fill(sent & 0x3f, 0, STRIDE)
    for (const change of changes) change(chunk)
    for (let at = 0; at < CHUNK; at += STRIDE) sum += chunk[at] as number
  }
  return sum
}

/** Collects the body and looks at the bytes that were touched. */
export async function respond(stream: ReadableStream<Uint8Array>): Promise<number> {
  const bytes = new Uint8Array(await new Response(stream as BodyInit).arrayBuffer())
  let sum = 0
  for (let at = 0; at < bytes.length; at += STRIDE) sum += bytes[at] as number
  return sum
}
