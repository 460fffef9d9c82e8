import { type DeadLetter, map, type RateLimiter, type Stage } from 'sluice'
import type { Page } from './flaky-service.ts'

/** The service's refusal. */
class HttpError extends Error {
  readonly status: number
  /** In milliseconds, where the service says so. */
  readonly retryAfter: number | undefined

  constructor({ status, headers }: Response) {
    super(`HTTP ${status}`)
    this.status = status
    const seconds = headers.get('retry-after')
    this.retryAfter = seconds === null ? undefined : Number(seconds) * 1000
  }
}

/** Whether the same request may succeed later: too busy, broken, too slow, or not reached. */
const mayPass = (error: unknown): boolean =>
  !(error instanceof HttpError) || error.status === 429 || error.status >= 500

/** Gets pages as they come, 32 at once; each attempt keeps to the quota. */
export function getPage(
  url: string,
  quota: RateLimiter,
  deadLetter: WritableStream<DeadLetter<number>>,
): Stage<number, Page> {
  return map(
    async (id: number, { signal }): Promise<Page> => {
      await quota.acquire(1, { signal })
      const response = await fetch(`${url}/${id}`, { signal })
      if (response.ok) return (await response.json()) as Page
      await response.body?.cancel()
      throw new HttpError(response)
    },
    {
      name: 'get',
      concurrency: 32,
      ordered: false,
      timeout: 2_000,
      retry: {
        attempts: 5,
        delay: (error, { attempt }) => (error instanceof HttpError && error.retryAfter) || 50 * 2 ** attempt,
        when: mayPass,
      },
      deadLetter,
    },
  )
}
