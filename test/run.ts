import { availableParallelism } from 'node:os'
import { checkApp } from './browser/check-app.ts'
import { checkExample } from './browser/check-example.ts'
import { allRows, NAMES } from './runtimes/all-rows.ts'
import { Row, tableOf, wellWithin } from './runtimes/row.ts'
import { vitestRows } from './vitest-rows.ts'

// `npm test`, after lint and types: everything on everything, and one table at the end.

/** For all of it: something hangs that has no limit of its own. */
const LIMIT = 40 * 60_000
setTimeout(() => {
  console.error(`not over after ${LIMIT / 60_000} minutes`)
  process.exit(1)
}, LIMIT).unref()

const start = performance.now()
const rows: Row[] = await part('vitest', vitestRows)
const others = await part('the other runtimes', () =>
  allRows({
    runtimes: NAMES,
    parts: ['behaviour', 'parallel'],
    // Where vitest itself has failed, they have no row to add to.
    here: rows.length > 1 ? rows[0] : undefined,
    build: true,
    behaviour: { file: '', share: 0.1, verbose: false },
    parallel: { filter: '', rounds: 1, limit: 300_000, verbose: false },
  }),
)
const app = await part('chromium, in a built page', async () => [await checkApp('')])
const page = await part('chromium, examples/browser', async () => [await checkExample(app[0]?.version ?? '')])
rows.push(...others, ...app, ...page)
console.log(`\n${tableOf(rows)}`)
const minutes = (performance.now() - start) / 60_000
console.log(`\n${minutes.toFixed(1)} minutes on ${availableParallelism()} cores.`)
const well = wellWithin(rows, Boolean(process.env.CI))
console.log(well ? 'All is well.' : 'Something is wrong.')
process.exitCode = well ? 0 : 1

/** The table is printed whatever happens: what throws is a line of it. */
async function part(name: string, run: () => Promise<Row[]>): Promise<Row[]> {
  try {
    return await run()
  } catch (error) {
    console.error(error)
    const row = new Row(name)
    row.faults.push(String(error).split('\n', 1)[0] ?? '')
    return [row]
  }
}
