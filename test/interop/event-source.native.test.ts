import { dropOldest, from, fromEvents, map, take, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { platform } from '../setup/platform.ts'
import { record } from './measured.ts'
import { openOnPageServer } from './open-on-page-server.ts'
import { rows } from './rows.ts'
import { still } from './still.ts'

const { counterpart, bound } = rows.eventSource
const missing = ['chromium', 'firefox'].includes(platform()) ? undefined : 'about EventSource of a browser'
const numberOf = (event: MessageEvent) => Number(event.data)
const count = (length: number) => Array.from({ length }, (_, n) => n)

describe('EventSource', () => {
  const test = (name: string, run: (source: EventSource) => Promise<void>) =>
    it(name, async ({ skip }) => {
      skip(missing !== undefined, missing)
      const source = new EventSource('/interop/events')
      try {
        await run(source)
      } finally {
        source.close()
      }
      expect(await openOnPageServer()).toBe(0)
    })

  test('is a source, each event in order', async source => {
    const numbers = fromEvents<MessageEvent>(source, 'message').pipeThrough(map(numberOf))
    expect(await toArray(numbers.pipeThrough(take(100)))).toEqual(count(100))
  })

  test(`${counterpart}: at most ${bound} are held for a consumer that has stopped`, async source => {
    const sent = new Promise(resolve => source.addEventListener('sent', resolve))
    const events = fromEvents<MessageEvent>(source, 'message', { strategy: dropOldest(4) })
    const reader = events.pipeThrough(map(numberOf)).getReader()
    expect(await reader.read()).toEqual({ done: false, value: 0 })
    await sent
    const seen: number[] = []
    while (seen.at(-1) !== 99) seen.push((await reader.read()).value as number)
    expect(seen.slice(-4)).toEqual([96, 97, 98, 99])
    record('eventSource', seen.length)
    expect(seen.length).toBeLessThanOrEqual(bound)
    await reader.cancel()
  })

  test('is closed by the generator that wraps it, when its consumer leaves', async source => {
    async function* messages() {
      try {
        yield* fromEvents<MessageEvent>(source, 'message')
      } finally {
        source.close()
      }
    }
    expect(await toArray(from(messages).pipeThrough(map(numberOf)).pipeThrough(take(3)))).toEqual(count(3))
    await still(() => source.readyState, { until: EventSource.CLOSED })
    expect(source.readyState).toBe(EventSource.CLOSED)
  })
})
