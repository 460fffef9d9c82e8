import fc from 'fast-check'
import { channel, SpillError, spill, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { rest } from '../../contract/overflow-driver.ts'
import { runs } from '../../setup/runs.ts'
import { MemoryStore } from './memory-store.ts'

/** What happened to one record, or to the cursor. */
const damage = fc.record({
  which: fc.nat(20),
  how: fc.constantFrom('flipped' as const, 'cut' as const, 'gone' as const, 'swapped' as const),
  at: fc.nat(10_000),
})
const setup = fc.record({
  memory: fc.integer({ min: 1, max: 12 }),
  groups: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 8 }),
  read: fc.nat(10),
  damages: fc.array(damage, { minLength: 1, maxLength: 3 }),
  cursor: fc.boolean(),
  added: fc.nat(2),
  /** The input ends before anything has been read. */
  atOnce: fc.boolean(),
})
type Setup = typeof setup extends fc.Arbitrary<infer S> ? S : never

/** A store as a run has left it, with which record has which items. */
async function filled({ memory, groups, read }: Setup) {
  const store = new MemoryStore()
  const queue = channel<number>(spill(store, { memory }))
  const itemsOf = new Map<string, number[]>()
  let next = 0
  for (const group of groups) {
    const before = store.records
    await Promise.all(Array.from({ length: group }, () => queue.send(next++)))
    for (const key of store.records.filter(key => !before.includes(key))) {
      // The number of items is in the header.
      const bytes = store.data.get(key) as Uint8Array
      const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(32)
      const start = [...itemsOf.values()].flat().length
      itemsOf.set(
        key,
        Array.from({ length: count }, (_, at) => start + at),
      )
    }
  }
  const reader = queue.readable.getReader()
  const out: number[] = []
  for (let left = Math.min(read, next); left > 0; left--) out.push((await reader.read()).value as number)
  await reader.cancel()
  return { store, itemsOf, out, sent: next }
}

function harm(
  store: MemoryStore,
  key: string,
  { how, at, which }: typeof damage extends fc.Arbitrary<infer D> ? D : never,
) {
  const bytes = store.data.get(key) as Uint8Array
  const other = store.records[(which + 1) % store.records.length] as string
  if (how === 'gone') store.data.delete(key)
  else if (how === 'cut') store.data.set(key, bytes.slice(0, at % bytes.length))
  else if (how === 'swapped' && other !== key)
    store.data.set(key, (store.data.get(other) as Uint8Array).slice())
  else bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ (1 << (at % 8))
}

describe('spill() with a store in which records were damaged', () => {
  it('loses what was in them, tells which, and loses nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(setup, async setup => {
        const { store, itemsOf, out, sent } = await filled(setup)
        const sound = store.copy()
        for (const damage of setup.damages) {
          const keys = store.records
          const key = keys[damage.which % Math.max(1, keys.length)]
          if (key !== undefined) harm(store, key, damage)
        }
        // One damage may have undone another.
        const harmed = new Set(
          [...sound].filter(([key, bytes]) => `${store.data.get(key)}` !== `${bytes}`).map(([key]) => key),
        )
        if (setup.cursor) store.data.delete('spill/cursor')
        const told: string[] = []
        const queue = channel<number>(
          spill(store, {
            memory: setup.memory,
            onCorrupt: error => {
              expect(error).toBeInstanceOf(SpillError)
              expect(error.code).toBe('ERR_SPILL_CORRUPT')
              expect(error.message).toContain(error.key)
              told.push(error.key as string)
            },
          }),
        )
        const again = toArray(queue.readable)
        if (!setup.atOnce) await rest()
        for (let item = sent; item < sent + setup.added; item++) await queue.send(item)
        queue.close()
        const items = await again
        const gone = [...harmed].flatMap(key => itemsOf.get(key) as number[])
        const all = Array.from({ length: sent + setup.added }, (_, item) => item)
        const left = all.filter(item => !out.includes(item) && !gone.includes(item))
        // Without its cursor, the first record may give again what was finished with.
        const known = setup.cursor ? items.filter(item => !out.includes(item)) : items
        expect(known).toEqual(left)
        expect(items).toEqual([...items].sort((a, b) => a - b))
        // Whoever damages the first or the last record so that it is gone leaves no sign where nothing points to it.
        for (const key of told) expect(harmed.has(key)).toBe(true)
        expect(new Set(told).size).toBe(told.length)
        const { received, queued, done, discarded } = queue.stats()
        expect(done + discarded + queued).toBe(received)
        expect(store.records).toEqual([])
      }),
      { numRuns: runs(300) },
    )
  })

  it('fails without anybody to tell, and leaves everything where it is', async () => {
    await fc.assert(
      fc.asyncProperty(setup, async setup => {
        const { store, itemsOf, out } = await filled(setup)
        const key = store.records[(setup.damages[0]?.which ?? 0) % Math.max(1, store.records.length)]
        if (key === undefined) return
        harm(store, key, { how: 'flipped', at: setup.read, which: 0 })
        const queue = channel<number>(spill(store, { memory: setup.memory, prefix: 'spill' }), {
          name: 'jobs',
        })
        const items: number[] = []
        const reader = queue.readable.getReader()
        const error = await (async () => {
          for (;;) items.push((await reader.read()).value as number)
        })().catch(error => error)
        expect(error).toMatchObject({ code: 'ERR_SPILL_CORRUPT', key, stage: 'jobs' })
        expect(error.record).toEqual(store.data.get(key))
        // Everything before it came out.
        const before = [...itemsOf].filter(([other]) => other < key).flatMap(([, items]) => items)
        expect(items).toEqual(before.filter(item => !out.includes(item)))
        for (let left = 3; left > 0; left--) await rest()
        expect(store.records).toEqual([...itemsOf.keys()].filter(other => other >= key))
        const { received, done, discarded } = queue.stats()
        expect(done + discarded).toBe(received)
      }),
      { numRuns: runs(150) },
    )
  })
})
