import { describe, expect, it } from 'vitest'
import { Lanes } from '../../src/engine/lanes.ts'
import { SKIP, type Step } from '../../src/engine/step.ts'
import { settle } from '../contract/probe.ts'
import { Recorder } from './recorder.ts'

interface Job {
  readonly item: number
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Lanes of a function whose results the test gives, between neighbours that record. */
function bench(limit: number, ordered = true, apply?: (item: number) => unknown) {
  const jobs: Job[] = []
  const step: Step = {
    apply:
      apply ?? ((item: number) => new Promise((resolve, reject) => jobs.push({ item, resolve, reject }))),
  }
  const recorder = new Recorder()
  const lanes = new Lanes<number, unknown>(recorder.down, step, limit, ordered)
  lanes.up = recorder.up
  return { jobs, lanes, recorder }
}

describe.each([true, false])('Lanes, ordered: %s', ordered => {
  it('gives a result that is no promise at once', () => {
    const { lanes, recorder } = bench(2, ordered, n => n * 2)
    lanes.resume()
    recorder.heard()
    expect(lanes.next(1)).toBe(true)
    expect(recorder.heard()).toContain(2)
  })

  it('gives the next result only when the one before is taken, even if more is asked for meanwhile', () => {
    const { lanes, recorder } = bench(3, ordered, n => n)
    const told: string[] = []
    recorder.take = item => {
      told.push(`${item} in`)
      if (item !== 3) lanes.resume()
      told.push(`${item} out`)
      return false
    }
    for (const n of [1, 2, 3]) lanes.next(n)
    lanes.resume()
    expect(told).toEqual(['1 in', '1 out', '2 in', '2 out', '3 in', '3 out'])
  })

  it('lets go of an item that is filtered out though nobody asks for more', () => {
    const { lanes, recorder } = bench(1, ordered, () => SKIP)
    lanes.next(1)
    expect(lanes.inside).toBe(0)
    expect(recorder.heard()).not.toContain(SKIP)
  })

  it('works on nothing more once it is over', () => {
    const { lanes, jobs } = bench(2, ordered)
    lanes.abort('stop')
    expect(lanes.next(1)).toBe(false)
    expect(jobs).toEqual([])
    expect(lanes.entered).toBe(0)
  })

  it.each(['resolve', 'reject'] as const)('is idle when a promise %ss after the cancel', async how => {
    const { lanes, jobs, recorder } = bench(2, ordered)
    lanes.resume()
    lanes.next(1)
    recorder.heard()
    lanes.cancel('enough')
    jobs[0]?.[how]('late')
    await settle()
    expect(recorder.heard()).toEqual([['cancel', 'enough'], 'idle'])
  })

  it('asks for nothing more after the end of input', async () => {
    const { lanes, jobs, recorder } = bench(2, ordered)
    lanes.resume()
    lanes.next(1)
    lanes.next(2)
    lanes.end()
    recorder.heard()
    jobs[0]?.resolve('a')
    await settle()
    lanes.resume()
    expect(recorder.heard()).toEqual(['a'])
  })
})

describe('Lanes, in order, with an error that has to wait for the items before it', () => {
  it('takes further items without working on them, and asks for none', async () => {
    const { lanes, jobs, recorder } = bench(3)
    lanes.resume()
    lanes.next(1)
    lanes.next(2)
    recorder.heard()
    jobs[1]?.reject('no')
    await settle()
    expect(lanes.next(3)).toBe(false)
    lanes.resume()
    expect(jobs.length).toBe(2)
    expect(recorder.heard()).toEqual([])
    jobs[0]?.resolve('a')
    await settle()
    expect(recorder.heard()).toEqual(['a', ['cancel', 'no'], ['fail', 'no']])
    expect(lanes).toMatchObject({ entered: 3, done: 1, failed: 1, inside: 1 })
  })

  it('asks for nothing when an item before it has left', async () => {
    const { lanes, jobs, recorder } = bench(3)
    lanes.resume()
    for (const n of [1, 2, 3]) lanes.next(n)
    recorder.heard()
    jobs[2]?.reject('no')
    jobs[0]?.resolve('a')
    await settle()
    expect(recorder.heard()).toEqual(['a'])
  })
})
