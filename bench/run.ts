import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { readArguments, usage } from './harness/arguments.ts'
import { buildScenarios } from './harness/build.ts'
import { drawChart } from './harness/chart.ts'
import { compare } from './harness/compare.ts'
import { root } from './harness/paths.ts'
import { prepare } from './harness/prepare.ts'
import { report } from './harness/report.ts'
import { saveResults } from './harness/results-file.ts'
import { runScenario } from './harness/run-scenario.ts'
import { inspectRuntime } from './harness/runtime.ts'

const args = readArguments(process.argv.slice(2))
const runtime = inspectRuntime(args.runtime)
prepare()
const built = await buildScenarios('this', join(root, 'dist'))
const known = built.scenarios.map(({ name }) => name)
if (args.names.some(name => !known.includes(name))) {
  console.error(`${usage}\n\nscenarios: ${known.join(', ')}`)
  process.exit(2)
}

const load = loadavg()[0] as number
console.log(`${runtime.id} ${runtime.version}`)
if (load > availableParallelism() / 2)
  console.log(`The machine is busy (load ${load.toFixed(1)}): trust no figure.`)
if (args.compare !== undefined) {
  await compare(args.compare, runtime, args)
} else {
  const whole = !args.quick && args.pollute && args.cases === undefined && args.only === undefined
  for (const scenario of built.scenarios) {
    if (args.names.length > 0 && !args.names.includes(scenario.name)) continue
    const start = performance.now()
    const results = await runScenario(built, scenario, runtime, args, error => {
      // A peer that breaks, or a wrong result, must not pass unseen; the others are still worth measuring.
      process.exitCode = 1
      console.error(`\nFAILED ${error instanceof Error ? error.message : error}`)
    })
    console.log(report(scenario, results, runtime.id))
    console.log(`(${Math.round((performance.now() - start) / 1000)} s)`)
    if (whole) saveResults(scenario, results, runtime)
  }
  if (whole) drawChart()
}
