import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What came back for one request. */
export interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  /** Milliseconds. */
  readonly time: number
}

/** Sends `count` requests, so many a second, whether the ones before have been answered or not. */
export async function sendRequests(
  url: string,
  count: number,
  perSecond: number,
): Promise<Promise<Answer>[]> {
  const agent = new Agent({ keepAlive: true })
  const answers: Promise<Answer>[] = []
  const start = performance.now()
  while (answers.length < count) {
    const due = Math.min(count, ((performance.now() - start) / 1000) * perSecond)
    while (answers.length < due) answers.push(send(url, agent))
    await sleep(5)
  }
  return answers
}

function send(url: string, agent: Agent): Promise<Answer> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, response => {
      response.resume().on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          time: performance.now() - start,
        })
      })
    })
    request.on('error', reject)
  })
}
