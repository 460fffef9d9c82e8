import { startVitest, type TestModule } from 'vitest/node'
import { Row } from './runtimes/row.ts'

const here = `node${process.versions.node.split('.')[0]}`
/** What vitest runs, by its projects; the first is the suite that the other runtimes run too. */
const PROJECTS: Readonly<Record<string, string>> = {
  native: here,
  polyfill: `${here}, web-streams-polyfill`,
  package: `${here}, the package`,
  types: 'the types',
}

/** Runs all that vitest runs, on this Node, and gives a row for each of its projects. */
export async function vitestRows(): Promise<Row[]> {
  const rows = new Map(Object.entries(PROJECTS).map(([project, name]) => [project, new Row(name)]))
  for (const row of rows.values()) row.version = process.versions.node
  const start = performance.now()
  let faults = 0
  const vitest = await startVitest('test', [], {
    run: true,
    watch: false,
    reporters: [
      process.env.CI ? 'dot' : 'default',
      {
        onTestRunEnd(modules, errors, reason) {
          for (const module of modules) count(module, rows.get(module.project.name) as Row)
          faults = errors.length
          if (reason === 'interrupted') faults++
        },
      },
    ],
  })
  await vitest.close()
  const [first] = rows.values()
  if (first && faults > 0) first.faults.push(`${faults} errors outside of tests: see above`)
  if (first) first.seconds = (performance.now() - start) / 1000
  return [...rows.values()]
}

function count(module: TestModule, row: Row): void {
  for (const error of module.errors()) row.faults.push(`${module.relativeModuleId}: ${error.message}`)
  for (const test of module.children.allTests()) {
    const result = test.result()
    if (result.state === 'passed') row.passed++
    else if (result.state === 'failed') row.failed++
    else row.skip((result.state === 'skipped' && result.note) || 'by a condition of its own')
  }
}
