import { afterEach, beforeEach } from 'vitest'
import { heat } from '../../src/engine/own-loop.ts'
import { ownLoops } from '../../src/engine/own-loops.ts'

/**
 * For the tests of a block: groups get a loop of their own at once, the first of them the loop `from`; or, where that is
 * undefined, none does.
 */
export function heatOf(from: number | undefined): void {
  const { warm, hot, owners } = heat
  beforeEach(() => {
    if (from === undefined) heat.warm = heat.hot = Infinity
    else {
      heat.warm = heat.hot = 0
      heat.owners = Array(from).fill('')
    }
  })
  afterEach(() => Object.assign(heat, { warm, hot, owners }))
}

/** No loop of its own, and each of them. */
export const heats = [undefined, ...ownLoops.keys()].map(from => ({
  loops: from === undefined ? 'the loops that all share' : `loops of its own from ${from} on`,
  from,
}))
