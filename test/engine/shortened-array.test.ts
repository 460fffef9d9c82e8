import { filter, flatMap, from, map, toArray } from 'sluice'
import { describe, expect, it } from 'vitest'
import { heatOf, heats } from '../setup/heat.ts'

const numbers = () => Array.from({ length: 10 }, (_, at) => at)

/** Makes the array shorter or longer while its items are taken. */
const changes: Record<string, (array: (number | undefined)[], item: number | undefined) => void> = {
  shorter: (array, item) => {
    if (item === 3) array.length = 5
  },
  'shorter than what was taken': (array, item) => {
    if (item === 3) array.length = 0
  },
  longer: (array, item) => {
    if (item === 3) array.push(99)
  },
  'full of holes': (array, item) => {
    if (item === 3) array.fill(undefined, 6)
  },
}

const cases = heats
  .slice(0, 2)
  .flatMap(loops => Object.entries(changes).map(([becomes, change]) => ({ ...loops, becomes, change })))

describe.each(cases)('an array that becomes $becomes on the way through $loops', ({ change, from: loop }) => {
  heatOf(loop)

  const plain = numbers()
  const expected: (number | undefined)[] = []
  for (const item of plain) {
    change(plain, item)
    expected.push(item)
  }

  it.each([
    ['map', (array: number[]) => map((item: number) => (change(array, item), item))],
    ['filter', (array: number[]) => filter((item: number) => (change(array, item), true))],
  ])('is given as a loop over it would: from() and %s()', async (_, stage) => {
    const array = numbers()
    expect(await toArray(from(array).pipeThrough(stage(array)))).toEqual(expected)
    const inner = numbers()
    const expanded = from([0]).pipeThrough(flatMap(() => inner))
    expect(await toArray(expanded.pipeThrough(stage(inner)))).toEqual(expected)
  })
})
