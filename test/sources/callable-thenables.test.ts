import { from, toArray } from 'sluice'
import { expect, it } from 'vitest'

it('awaits a function that is a thenable, as the language does', async () => {
  const thenable = Object.assign(() => {}, {
    // biome-ignore lint/suspicious/noThenProperty: that is the point
    then: (resolve: (n: number) => void) => resolve(1),
  }) as unknown as number
  expect(await toArray(from([thenable, 2]))).toEqual([1, 2])
})
