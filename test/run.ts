import { availableParallelism } from 'node:os'
import { checkApp } from './browser/check-app.ts'
import { allRows, NAMES } from './runtimes/all-rows.ts'
import { type Row, tableOf, wellWithin } from './runtimes/row.ts'
import { vitestRows } from './vitest-rows.ts'

// `npm test`, after lint and types: everything on everything, and one table at the end.

/** For all of it: something hangs that has no limit of its own. */
const LIMIT = 40 * 60_000
setTimeout(() => {
  console.error(`not over after ${LIMIT / 60_000} minutes`)
  process.exit(1)
}, LIMIT).unref()

const start = performance.now()
const rows: Row[] = await vitestRows()
rows.push(
  ...(await allRows({
    runtimes: NAMES,
    parts: ['behaviour', 'parallel'],
    here: rows[0],
    build: true,
    behaviour: { file: '', share: 0.1, verbose: false },
    parallel: { filter: '', rounds: 1, limit: 300_000, verbose: false },
  })),
  await checkApp(''),
)
console.log(`\n${tableOf(rows)}`)
const minutes = (performance.now() - start) / 60_000
console.log(`\n${minutes.toFixed(1)} minutes on ${availableParallelism()} cores.`)
const well = wellWithin(rows, Boolean(process.env.CI))
console.log(well ? 'All is well.' : 'Something is wrong.')
process.exitCode = well ? 0 : 1
