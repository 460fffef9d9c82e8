import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What came back for one request. */
export interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  /** Milliseconds. */
  readonly time: number
}

/** Sends `perSecond` requests a second for so many seconds, whether the ones before have been answered or not. */
export async function sendRequests(
  url: string,
  perSecond: number,
  seconds: number,
): Promise<Promise<Answer>[]> {
  const agent = new Agent({ keepAlive: true })
  const answers: Promise<Answer>[] = []
  const start = performance.now()
  for (;;) {
    const passed = (performance.now() - start) / 1000
    if (passed >= seconds) return answers
    while (answers.length < passed * perSecond) answers.push(send(url, agent))
    await sleep(5)
  }
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
