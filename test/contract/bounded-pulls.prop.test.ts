import fc from 'fast-check'
import { batch, block, buffer, flatMap, map, type Stage, tap, timeout, transform } from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runs } from '../setup/runs.ts'
import { endless, settle } from './bounded-tools.ts'
import { manualTime, rest } from './overflow-driver.ts'

beforeEach(manualTime)
afterEach(() => {
  vi.useRealTimers()
})

describe('contract 3: nothing is pulled beyond the documented bound', () => {
  interface Link {
    readonly stage: () => Stage<number, number>
    /** Items it may be ahead by. */
    readonly ahead: number
  }
  const n = fc.integer({ min: 1, max: 4 })
  const lazy = fc.constantFrom<Link>(
    { stage: () => map((x: number) => x), ahead: 0 },
    { stage: () => tap(() => {}), ahead: 0 },
    { stage: () => transform<number, number>(), ahead: 0 },
    { stage: () => flatMap((x: number) => [x]), ahead: 0 },
  )
  const eager = fc.oneof(
    n.map((n): Link => ({ stage: () => buffer<number>(block(n)), ahead: n })),
    n.map((n): Link => ({ stage: () => map((x: number) => x, { strategy: timeout(n, 99) }), ahead: n })),
    n.map((n): Link => ({ stage: () => map(async (x: number) => x, { concurrency: n }), ahead: n })),
    n.map((n): Link => ({ stage: () => flatMap((x: number) => new Set([x]), { concurrency: n }), ahead: n })),
  )

  it('a chain is ahead of a consumer that stopped by its capacities and concurrencies at the most', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(lazy, eager), { maxLength: 5 }),
        fc.nat(12),
        async (links, reads) => {
          const source = endless()
          let stream = source.stream
          for (const { stage } of links) stream = stream.pipeThrough(stage())
          const reader = stream.getReader()
          for (let read = 0; read < reads; read++) expect((await reader.read()).value).toBe(read)
          await settle()
          const ahead = links.reduce((sum, link) => sum + link.ahead, 0)
          expect(source.pulled).toBeGreaterThanOrEqual(reads)
          expect(source.pulled).toBeLessThanOrEqual(reads + ahead)
          await reader.cancel()
        },
      ),
      { numRuns: runs(150) },
    )
  })

  it('a chain without strategies and asynchronous functions pulls exactly what is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lazy, { maxLength: 6 }), fc.nat(12), async (links, reads) => {
        const source = endless()
        let stream = source.stream
        for (const { stage } of links) stream = stream.pipeThrough(stage())
        const reader = stream.getReader()
        for (let read = 0; read < reads; read++) await reader.read()
        await settle()
        expect(source.pulled).toBe(reads)
        await reader.cancel()
      }),
      { numRuns: runs(100) },
    )
  })

  it('flatMap() keeps each open expansion at most one item ahead', async () => {
    await fc.assert(
      fc.asyncProperty(n, fc.boolean(), n, fc.nat(20), async (concurrency, ordered, length, reads) => {
        let pulled = 0
        const expand = function* (item: number): Generator<number> {
          for (let i = 0; i < length; i++) {
            pulled++
            yield item
          }
        }
        const source = endless()
        const reader = source.stream.pipeThrough(flatMap(expand, { concurrency, ordered })).getReader()
        for (let read = 0; read < reads; read++) await reader.read()
        await settle()
        expect(pulled).toBeLessThanOrEqual(reads + concurrency)
        expect(source.pulled).toBeLessThanOrEqual(Math.ceil(reads / length) + concurrency)
        await reader.cancel()
      }),
      { numRuns: runs(100) },
    )
  })

  it('batch() holds its open batch and at most two closed ones', async () => {
    const ops = fc.array(fc.constantFrom('write', 'write', 'read', 'tick'), { maxLength: 60, size: 'max' })
    await fc.assert(
      fc.asyncProperty(n, fc.boolean(), ops, async (size, timed, ops) => {
        const stage = batch<number>(size, { ...(timed && { maxWait: 1 }), strategy: block(2) })
        const writer = stage.writable.getWriter()
        const reader = stage.readable.getReader()
        for (const op of ops) {
          if (op === 'write') writer.write(0).catch(() => {})
          else if (op === 'read') reader.read()
          else await vi.advanceTimersByTimeAsync(1)
          await rest()
          expect(stage.stats().inFlight).toBeLessThanOrEqual(3 * size)
        }
        await reader.cancel()
      }),
      { numRuns: runs(80) },
    )
  })
})
