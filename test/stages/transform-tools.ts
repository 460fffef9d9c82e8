import { transform } from 'sluice'
import { settle } from '../contract/probe.ts'

export const error = new Error('error')

type Chunk = number | string

/** A stage of a transformer whose methods are noted in `said`, with a writer and a reader at its ends. */
export function opened(
  transformer: Transformer<Chunk, Chunk> & { cancel?: (reason: unknown) => unknown },
  readableStrategy?: QueuingStrategy<Chunk>,
) {
  const said: unknown[] = []
  let controller!: TransformStreamDefaultController<Chunk>
  const { start, transform: change, flush, cancel } = transformer
  const noted: typeof transformer = {
    start(given) {
      controller = given
      return start?.(given)
    },
    transform(chunk, given) {
      said.push(chunk)
      return change ? change(chunk, given) : given.enqueue(chunk)
    },
    flush(given) {
      said.push('flush')
      return flush?.(given)
    },
    cancel(reason) {
      said.push(['cancel', reason])
      return cancel?.(reason)
    },
  }
  const stage = transform(noted, readableStrategy && { readableStrategy })
  const writer = stage.writable.getWriter()
  writer.closed.catch(() => {})
  const reader = stage.readable.getReader()
  reader.closed.catch(() => {})
  return { stage, writer, reader, controller, said }
}

/** How promises ended, once nothing moves any more: the value, `!` and the reason, or '…'. */
export async function states(...promises: PromiseLike<unknown>[]): Promise<unknown[]> {
  const ended: unknown[] = promises.map(() => '…')
  for (const [at, promise] of promises.entries()) {
    promise.then(
      value => {
        const result = value as { done?: boolean; value?: unknown } | undefined
        ended[at] = result?.done === undefined ? value : result.done ? 'done' : result.value
      },
      reason => {
        ended[at] = reason instanceof TypeError ? '!TypeError' : `!${(reason as Error).message}`
      },
    )
  }
  await settle()
  return ended
}
