import { checkExample } from './check-example.ts'

// `npm run test:example [-- COUNT]`; COUNT images, 1,000 unless it is given.

const count = Number(process.argv[2] ?? 1_000)
if (!Number.isSafeInteger(count) || count < 60) throw new RangeError('COUNT must be a number from 60 on')
/** For all of it: something hangs that has no limit of its own. */
const LIMIT = 15 * 60_000
setTimeout(() => {
  console.error(`not over after ${LIMIT / 60_000} minutes`)
  process.exit(1)
}, LIMIT).unref()

const { passed, failed } = await checkExample(count)
console.log(failed === 0 ? `All is well: ${passed} checks.` : `${failed} of ${passed + failed} failed.`)
process.exit(failed === 0 ? 0 : 1)
