import { tableOf } from '../runtimes/row.ts'
import { checkApp } from './check-app.ts'

// `npm run test:browser [-- text]`; with a text, the checks whose names have it.

/** For all of it: something hangs that has no limit of its own. */
const LIMIT = 15 * 60_000
setTimeout(() => {
  console.error(`not over after ${LIMIT / 60_000} minutes`)
  process.exit(1)
}, LIMIT).unref()

const row = await checkApp(process.argv[2] ?? '')
console.log(`\n${tableOf([row])}`)
process.exitCode = row.well ? 0 : 1
