import { from, map } from 'sluice'

/** Bytes of a chunk. */
export const CHUNK = 16_384

/** Where a seam's bytes come from, and what has become of it. */
export interface CountedSource {
  readonly flow: ReadableStream<Uint8Array<ArrayBuffer>>
  /** Chunks that it was asked for and has given. */
  readonly given: number
  /** The reason of each cancel. */
  readonly closed: readonly unknown[]
}

/**
 * A flow of ours, with a stage, over a platform stream that gives a chunk only when it is asked: `count` of them, then the
 * end, or `failure.error`. A `paced` one gives one for each turn of the event loop, so that others get theirs.
 */
export function countedSource(
  count: number,
  { failure, paced = false }: { failure?: { readonly error: unknown }; paced?: boolean } = {},
): CountedSource {
  let given = 0
  const closed: unknown[] = []
  const native = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        if (paced) await new Promise(resolve => setTimeout(resolve))
        if (given < count) controller.enqueue(chunkAt(given++))
        else if (failure) controller.error(failure.error)
        else controller.close()
      },
      cancel: reason => void closed.push(reason),
    },
    { highWaterMark: 0 },
  )
  return {
    flow: from(native).pipeThrough(map((chunk: Uint8Array<ArrayBuffer>) => chunk)),
    closed,
    get given() {
      return given
    },
  }
}

const made: Uint8Array<ArrayBuffer>[] = []
/** Chunks that differ. */
const KINDS = 40

/** The `n`th chunk: a copy, as some counterparts take the memory itself. */
export function chunkAt(n: number): Uint8Array<ArrayBuffer> {
  made[n % KINDS] ??= newChunk(n % KINDS)
  return (made[n % KINDS] as Uint8Array<ArrayBuffer>).slice()
}

/** One of the chunks: text, so that it passes through codecs, and nothing that a compressor can shorten much. */
function newChunk(n: number): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(CHUNK)
  let state = n + 1
  for (let at = 0; at < CHUNK; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    chunk[at] = 32 + ((state >>> 16) % 95)
  }
  return chunk
}

/** What `count` chunks are in all. */
export function wholeOf(count: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(count * CHUNK)
  for (let n = 0; n < count; n++) whole.set(chunkAt(n), n * CHUNK)
  return whole
}
