import * as sluice from 'sluice'
import * as csv from 'sluice/csv'
import * as parallel from 'sluice/parallel'
import * as worker from 'sluice/worker'
import { expect, vi } from 'vitest'
import { compile, type Snippet } from './snippets.ts'

const entries: Record<string, object> = {
  sluice,
  'sluice/csv': csv,
  'sluice/parallel': parallel,
  'sluice/worker': worker,
}

const AsyncFunction = (async () => {}).constructor as new (
  ...args: string[]
) => (...args: unknown[]) => Promise<unknown>

/**
 * Runs a snippet with everything of the library in scope, or with what it imports itself; `url` is what it sees as its
 * own address.
 */
export async function run(snippet: Snippet, url: string = import.meta.url): Promise<number> {
  const { body, checks } = compile(snippet)
  let checked = 0
  const check = (actual: unknown, expected: unknown) => {
    checked++
    expect(actual).toEqual(expected)
  }
  const load = (module: string) => entries[module] ?? import(module)
  const scope: Record<string, unknown> = /^import /m.test(snippet.code)
    ? {}
    : { ...sluice, ...csv, ...parallel }
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const logged = () => log.mock.lastCall?.[0]
  const given = { __check: check, __logged: logged, __import: load, __url: url, ...scope }
  try {
    await new AsyncFunction(...Object.keys(given), body)(...Object.values(given))
  } finally {
    log.mockRestore()
  }
  expect(checked, 'checks that ran').toBe(checks)
  return checks
}
