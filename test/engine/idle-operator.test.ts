import { keepAlive } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { IdleOperator } from '../../src/engine/idle-operator.ts'
import { outcome, settle } from '../contract/probe.ts'
import { manualClock, pass } from '../stages/time-tools.ts'
import { Recorder } from './recorder.ts'

beforeEach(manualClock)
afterEach(() => {
  vi.useRealTimers()
})

function operator(ms = 10) {
  const recorder = new Recorder()
  const op = new IdleOperator<unknown, string>(recorder.down, ms, () => 'made')
  op.up = recorder.up
  return { recorder, op }
}

describe('IdleOperator', () => {
  it('does not wait anew when it is asked again', async () => {
    const { recorder, op } = operator()
    recorder.take = () => false
    op.resume()
    await pass(7)
    op.resume()
    await pass(3)
    expect(recorder.heard()).toEqual(['resume', 'resume', 'made'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives an item that comes while it gives a made one after it', async () => {
    const { recorder, op } = operator()
    const order: unknown[] = []
    let depth = 0
    recorder.take = item => {
      expect(depth++).toBe(0)
      if (item === 'made') {
        op.resume()
        expect(op.next('came')).toBe(false)
        op.resume()
      }
      order.push(item)
      depth--
      return false
    }
    op.resume()
    await pass(10)
    expect(order).toEqual(['made', 'came'])
    expect(op.inside).toBe(0)
  })

  it('tells its writer when the item it held is taken, though none is wanted next', async () => {
    const stage = keepAlive<string>(10, () => 'made')
    const writer = stage.writable.getWriter()
    const reader = stage.readable.getReader()
    const read = reader.read()
    await pass(10)
    await read
    let written = false
    void outcome(writer.write('a')).then(() => {
      written = true
    })
    await settle()
    expect(written).toBe(false)
    await reader.read()
    await settle()
    expect(written).toBe(true)
    await reader.cancel()
  })
})
