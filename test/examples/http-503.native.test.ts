import { get } from 'node:http'
import { expect, test } from 'vitest'
import { startService } from '../../examples/http-503/service.ts'
import { runExample } from './run-example.ts'

/** The answer to a request of its own connection. */
function ask(
  url: string,
): Promise<{ status: number | undefined; retryAfter: string | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, response => {
      let text = ''
      response.setEncoding('utf8').on('data', part => {
        text += part
      })
      response.on('end', () =>
        resolve({ status: response.statusCode, retryAfter: response.headers['retry-after'], text }),
      )
    })
    request.on('error', reject)
  })
}

/** Work that is done when the test says so. */
function manualWork() {
  const waiting: { url: string; done: (text: string) => void; fail: (error: unknown) => void }[] = []
  const work = (url: string) =>
    new Promise<string>((done, fail) => {
      waiting.push({ url, done, fail })
    })
  return { work, waiting }
}

const until = async (holds: () => boolean): Promise<void> => {
  // What comes in over a socket takes as long as it takes.
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 1))
}

test('05-http-503 accepts what it can answer, refuses the rest, and loses nothing', async () => {
  const { code, stdout, stderr } = await runExample('05-http-503')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const [sent = 0, accepted = 0, refused = 0] = [
    ...stdout.matchAll(/\d+(?= (?:sent|accepted|refused))/g),
  ].map(Number)
  expect(sent).toBe(3200)
  expect(accepted + refused).toBe(sent)
  expect(stdout.split('\n').slice(0, 2)).toEqual(['The queue is nearly full.', expect.any(String)])
})

test('a service refuses with 503 and Retry-After what its queue has no room for', async () => {
  const { work, waiting } = manualWork()
  const service = await startService({ concurrency: 1, queue: 1, retryAfter: 7, work })
  const accepted = [ask(`${service.url}/a`)]
  await until(() => waiting.length === 1)
  accepted.push(ask(`${service.url}/b`))
  await until(() => service.stats().queued === 1)
  expect(await ask(`${service.url}/c`)).toMatchObject({ status: 503, retryAfter: '7' })
  waiting[0]?.done('A')
  await until(() => waiting.length === 2)
  waiting[1]?.done('B')
  expect(await Promise.all(accepted)).toMatchObject([
    { status: 200, text: 'A' },
    { status: 200, text: 'B' },
  ])
  await service.close()
  expect(service.stats()).toMatchObject({ received: 3, done: 2, rejected: 1 })
})

test('a service answers 500 where the work fails, and goes on', async () => {
  const work = async (url: string) => {
    if (url === '/bad') throw new Error('secret')
    return url
  }
  const service = await startService({ concurrency: 1, queue: 1, retryAfter: 1, work })
  expect(await ask(`${service.url}/bad`)).toMatchObject({
    status: 500,
    text: expect.not.stringContaining('secret'),
  })
  expect(await ask(`${service.url}/good`)).toMatchObject({ status: 200, text: '/good' })
  await service.close()
})

test('a service that closes answers those who wait, and then it is gone', async () => {
  const { work, waiting } = manualWork()
  const service = await startService({ concurrency: 1, queue: 1, retryAfter: 1, work })
  const answers = ['/a', '/b'].map(path => ask(service.url + path))
  await until(() => service.stats().received === 2)
  const closing = service.close()
  for (const at of [0, 1]) {
    await until(() => waiting.length === at + 1)
    waiting[at]?.done('there you are')
  }
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200])
  await closing
  await expect(ask(service.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('a service does no work for a client that has gone', async () => {
  const { work, waiting } = manualWork()
  const service = await startService({ concurrency: 1, queue: 2, retryAfter: 1, work })
  const first = ask(`${service.url}/first`)
  await until(() => waiting.length === 1)
  const impatient = get(`${service.url}/impatient`).on('error', () => {})
  await until(() => service.stats().queued === 1)
  const last = ask(`${service.url}/last`)
  await until(() => service.stats().queued === 2)
  impatient.destroy()
  // Its socket closes before a request that is sent later comes in.
  expect(await ask(service.url)).toMatchObject({ status: 503 })
  waiting[0]?.done('first')
  await until(() => waiting.length === 2)
  expect(waiting[1]?.url).toBe('/last')
  waiting[1]?.done('last')
  await Promise.all([first, last])
  await service.close()
})
