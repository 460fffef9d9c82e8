import { parseArgs } from 'node:util'
import { allRows, NAMES, type Part } from './all-rows.ts'
import { tableOf, wellWithin } from './row.ts'

const usage = `Runs the behaviour tests, and the checks of parallel(), on every runtime; npm test does so too, in short.

  npm run test:runtimes -- [options]

  --runtime NAME    only this one (may be repeated): ${NAMES.join(', ')}
  --part NAME       only the behaviour tests, or only the checks of parallel: behaviour, parallel
  --file TEXT       only test files whose path contains TEXT (then --part is behaviour)
  --check TEXT      only checks of parallel whose name contains TEXT (then --part is parallel)
  --share NUMBER    how much of fast-check's runs is made (default: 1; npm test: 0.1)
  --rounds NUMBER   how often a check of parallel is run at the most (npm test: 1)
  --limit SECONDS   how long the checks of parallel may take on one runtime (default: 300)
  --no-build        take dist/ as it is, for the checks of parallel
  --verbose         a line for each file and check

It fails when a test fails, when a runtime does not end, and, where CI is set, when one cannot run.`

const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    runtime: { type: 'string', multiple: true },
    part: { type: 'string' },
    file: { type: 'string' },
    check: { type: 'string' },
    share: { type: 'string', default: '1' },
    rounds: { type: 'string', default: 'Infinity' },
    limit: { type: 'string', default: '300' },
    build: { type: 'boolean', default: true },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (options.help) console.log(usage)
else process.exitCode = (await main()) ? 0 : 1

async function main(): Promise<boolean> {
  const { runtime: runtimes = NAMES, file, check, verbose } = options
  const unknown = runtimes.find(name => !NAMES.includes(name))
  if (unknown !== undefined) throw new Error(`--runtime ${unknown}: there is no such runtime\n\n${usage}`)
  const part =
    options.part ?? (file === undefined ? (check === undefined ? undefined : 'parallel') : 'behaviour')
  const rows = await allRows({
    runtimes,
    parts: part === undefined ? ['behaviour', 'parallel'] : [part as Part],
    here: undefined,
    build: options.build,
    behaviour: { file: file ?? '', share: Number(options.share), verbose },
    parallel: {
      filter: check ?? '',
      rounds: Number(options.rounds),
      limit: 1000 * Number(options.limit),
      verbose,
    },
  })
  console.log(`\n${tableOf(rows)}`)
  return wellWithin(rows, Boolean(process.env.CI))
}
