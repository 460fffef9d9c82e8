import type { Batch, Executor, Outcome } from 'sluice/parallel'

/** An executor that calls a function of the test: what `parallel` does around its workers, without any. */
export function localExecutor<I, O>(
  fn: (item: I, batch: Batch<I, O>, at: number) => O | PromiseLike<O>,
  { concurrency = 2, ahead = 1 } = {},
): Executor<I, O> {
  return {
    concurrency,
    ahead,
    run: batch =>
      Promise.all(
        batch.items.map(async (item, at): Promise<Outcome<O>> => {
          try {
            return { status: 'fulfilled', value: await fn(item, batch, at) }
          } catch (reason) {
            return { status: 'rejected', reason }
          }
        }),
      ),
    close: () => Promise.resolve(),
  }
}
