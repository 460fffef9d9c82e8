import { ClassicLevel } from 'classic-level'
import { MemoryLevel } from 'memory-level'
import { buffer, type SluiceError, type SpillStore, type Strategy, spill } from 'sluice'
import { describe, expectTypeOf, test } from 'vitest'

describe('spill', () => {
  test('takes abstract-level databases and their sublevels, whatever their encodings', () => {
    const json = new ClassicLevel<string, number>('folder', { valueEncoding: 'json' })
    expectTypeOf(json).toExtend<SpillStore>()
    expectTypeOf(new MemoryLevel()).toExtend<SpillStore>()
    expectTypeOf(json.sublevel('jobs')).toExtend<SpillStore>()
  })

  test('is a strategy of its items', () => {
    expectTypeOf(spill<number>(new MemoryLevel())).toEqualTypeOf<Strategy<number>>()
    buffer<Date>(
      spill(new MemoryLevel(), {
        codec: { encode: date => new Uint8Array(date.getTime()), decode: () => new Date() },
      }),
    )
  })

  test('fails with errors that their code tells apart', () => {
    const key = (error: SluiceError) => (error.code === 'ERR_SPILL_CORRUPT' ? error.key : undefined)
    expectTypeOf(key).returns.toEqualTypeOf<string | undefined>()
  })
})
