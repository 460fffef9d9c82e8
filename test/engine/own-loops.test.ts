import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ownLoops } from '../../src/engine/own-loops.ts'
import { ownLoopsText } from '../setup/copy-loops.ts'

describe('the loops that groups own', () => {
  it('are copies of the one that is written by hand', () => {
    const file = new URL('../../src/engine/own-loops.ts', import.meta.url)
    expect(readFileSync(file, 'utf8')).toBe(ownLoopsText())
  })

  it('are functions of different places in the source, and alike', () => {
    expect(new Set(ownLoops).size).toBe(ownLoops.length)
    expect(new Set(ownLoops.map(String)).size).toBe(1)
  })
})
