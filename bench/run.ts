import { join } from 'node:path'
import { readArguments, usage } from './harness/arguments.ts'
import { buildScenarios } from './harness/build.ts'
import { root } from './harness/paths.ts'
import { prepare } from './harness/prepare.ts'
import { report } from './harness/report.ts'
import { runScenario } from './harness/run-scenario.ts'
import { inspectRuntime } from './harness/runtime.ts'

const args = readArguments(process.argv.slice(2))
const runtime = inspectRuntime(args.runtime)
prepare()
const built = await buildScenarios('this', join(root, 'dist'))
const scenarios = built.scenarios.filter(({ name }) => args.names.length === 0 || args.names.includes(name))
if (scenarios.length === 0) {
  console.error(`${usage}\n\nscenarios: ${built.scenarios.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

console.log(`${runtime.id} ${runtime.version}`)
for (const scenario of scenarios) {
  const results = await runScenario(built, scenario, runtime, args, error => {
    // A peer that breaks, or a wrong result, must not pass unseen; the others are still worth measuring.
    process.exitCode = 1
    console.error(`\nFAILED ${error instanceof Error ? error.message : error}`)
  })
  console.log(report(scenario, results, runtime.id))
}
