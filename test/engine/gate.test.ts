import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { gated } from '../../src/engine/gate.ts'
import type { Downstream, Producer } from '../../src/engine/protocol.ts'
import { settle } from '../contract/probe.ts'
import { Recorder } from './recorder.ts'

/** A gate between neighbours that record, with both signals unless said otherwise. */
function bench(cleanup?: Promise<void>, before?: (stop: AbortController) => void) {
  const recorder = new Recorder(cleanup)
  const until = new AbortController()
  const stop = new AbortController()
  before?.(stop)
  let source!: Downstream<unknown>
  const producer: Producer<unknown> = {
    connect(down) {
      source = down
      return recorder.up
    },
  }
  const gate = gated('test', producer, { until: until.signal, signal: stop.signal }).connect(recorder.down)
  const listeners = () =>
    [until, stop].map(({ signal }) => getEventListeners(signal, 'abort').length).join(' and ')
  return { recorder, until, stop, source, gate, listeners }
}

const ENDINGS: Record<string, [act: (made: ReturnType<typeof bench>) => unknown, said: unknown[]]> = {
  'its source ends': [({ source }) => source.end(), ['end']],
  'its source fails': [({ source }) => source.fail('a'), [['fail', 'a']]],
  'its source is aborted': [({ source }) => source.abort('b'), [['abort', 'b']]],
  'it is cancelled': [({ gate }) => gate.cancel('c'), [['cancel', 'c']]],
  '`until` fires': [({ until }) => until.abort('d'), [['cancel', undefined], 'end']],
  '`signal` fires': [
    ({ stop }) => stop.abort('e'),
    [
      ['cancel', 'e'],
      ['abort', 'e'],
    ],
  ],
}

describe('gated()', () => {
  it('is the source itself without signals', () => {
    const producer: Producer<number> = { connect: () => new Recorder().up }
    expect(gated('test', producer, {})).toBe(producer)
  })

  it.each(['until', 'signal'])('says which signal is none: %s', name => {
    const producer: Producer<number> = { connect: () => new Recorder().up }
    expect(() => gated('test', producer, { [name]: 5 })).toThrow(new RegExp(`^test: ${name}`))
  })

  for (const [how, [act, said]] of Object.entries(ENDINGS)) {
    it(`tells both sides, listens no longer and lets nothing more through once ${how}`, () => {
      const made = bench()
      expect(made.listeners()).toBe('1 and 1')
      act(made)
      expect(made.recorder.heard()).toEqual(said)
      expect(made.listeners()).toBe('0 and 0')
      expect(made.source.next(1)).toBe(false)
      made.gate.resume()
      for (const [later] of Object.values(ENDINGS)) later(made)
      expect(made.recorder.heard()).toEqual([])
    })
  }

  it('gives whoever cancels it the clean-up of the source', () => {
    const cleanup = Promise.resolve()
    expect(bench(cleanup).gate.cancel('enough')).toBe(cleanup)
  })

  it.each(['until', 'stop'] as const)('swallows a clean-up that fails after %s', async which => {
    const made = bench(Promise.reject(new Error('no clean-up')))
    made[which].abort()
    await settle()
    expect(made.recorder.said.length).toBe(2)
  })

  it.each(['until', 'stop'] as const)('lets an item arrive before it ends, %s', which => {
    const made = bench()
    made.recorder.take = () => {
      made[which].abort('now')
      expect(made.recorder.said).toEqual([1])
      return true
    }
    expect(made.source.next(1)).toBe(false)
    expect(made.recorder.said.length).toBe(3)
  })

  it('hands on what downstream answers', () => {
    const { recorder, source, gate } = bench()
    expect(source.next(1)).toBe(true)
    recorder.take = () => false
    expect(source.next(2)).toBe(false)
    gate.resume()
    expect(recorder.heard()).toEqual([1, 2, 'resume'])
  })

  it('tells of a signal that has fired already once whoever connects has hold of it, or asks', async () => {
    const ends = [
      ['cancel', 'early'],
      ['abort', 'early'],
    ]
    const { recorder } = bench(undefined, stop => stop.abort('early'))
    expect(recorder.said).toEqual([])
    await settle()
    expect(recorder.said).toEqual(ends)
    const asked = bench(undefined, stop => stop.abort('early'))
    asked.gate.resume()
    expect(asked.recorder.said).toEqual(ends)
  })
})
