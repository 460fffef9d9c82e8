import { createPool, parallel } from 'sluice/parallel'
import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
})

it("refuses runtime: 'processes' on Deno, which ends with an error of its own when such a worker does", () => {
  const work = new URL('./work/tasks.ts', import.meta.url)
  if (!('Deno' in globalThis)) expect(() => parallel(work, { runtime: 'processes' })).not.toThrow()
  vi.stubGlobal('Deno', {})
  const message = "there are no processes here; use runtime 'threads' or 'inline'"
  expect(() => parallel(work, { runtime: 'processes' })).toThrow(`parallel: ${message}`)
  expect(() => createPool(work, { runtime: 'processes' })).toThrow(`createPool: ${message}`)
  expect(() => parallel(work)).not.toThrow()
})
