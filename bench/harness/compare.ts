import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Arguments } from './arguments.ts'
import { type BuiltScenario, buildScenarios } from './build.ts'
import { short, table, times } from './format.ts'
import { root } from './paths.ts'
import { run } from './prepare.ts'
import { runChild } from './run-child.ts'
import { ordersFor, ROUNDS, selected } from './run-scenario.ts'
import type { Runtime } from './runtime.ts'
import { median } from './statistics.ts'

/** Measures this tree and another revision of the library, both with the scenarios of this one, in turns. */
export async function compare(revision: string, runtime: Runtime, args: Arguments): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-compare-'))
  const tree = join(folder, 'sluice')
  run('git', ['worktree', 'add', '--quiet', '--detach', tree, revision], root)
  try {
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
    run('npm', ['run', 'build', '--silent', '--', '--silent', '--no-dts'], tree)
    const builds = [
      await buildScenarios('this', join(root, 'dist')),
      await buildScenarios('that', join(tree, 'dist')),
    ] as const
    for (const scenario of builds[0].scenarios) {
      if (args.names.length > 0 && !args.names.includes(scenario.name)) continue
      const that = builds[1].scenarios.find(({ name }) => name === scenario.name) as BuiltScenario
      const sides = [
        { child: builds[0].child, scenario },
        { child: builds[1].child, scenario: that },
      ] as const
      console.log(`\n${scenario.name}, ${scenario.unit}, ${scenario.better} is better`)
      console.log(
        table([['', 'this', revision, 'ratio', 'from', 'to'], ...(await rowsOf(sides, runtime, args))]),
      )
    }
  } finally {
    run('git', ['worktree', 'remove', '--force', tree], root)
    rmSync(folder, { recursive: true, force: true })
  }
}

type Side = { readonly child: string; readonly scenario: BuiltScenario }

async function rowsOf(sides: readonly [Side, Side], runtime: Runtime, args: Arguments): Promise<string[][]> {
  const rows: string[][] = []
  const scenario = sides[0].scenario
  const rounds = args.quick ? 2 : (scenario.rounds ?? ROUNDS)
  for (const one of selected(args, scenario)) {
    for (const variant of one.variants.filter(({ role }) => role === 'ours')) {
      const figures: [number[], number[]] = [[], []]
      try {
        for (let round = 0; round < 2 * rounds; round++) {
          // Each side is the first one in turn: this, that, that, this.
          const side = (((round + 1) >> 1) & 1) as 0 | 1
          const { child, scenario } = sides[side]
          const measured = await runChild(runtime, child, ordersFor(scenario, one, variant, args))
          figures[side].push(measured.figure)
        }
        const [ours, theirs] = figures.map(median) as [number, number]
        const pairs = figures[0].map((figure, round) => figure / (figures[1][round] as number))
        const ratios = [ours / theirs, Math.min(...pairs), Math.max(...pairs)].map(times)
        rows.push([`${one.name}: ${variant.name}`, short(ours), short(theirs), ...ratios])
      } catch (error) {
        // An older revision may lack what the scenario needs; the others are still worth comparing.
        rows.push([`${one.name}: ${variant.name}`, 'failed', '', '', '', ''])
        console.error(error instanceof Error ? error.message : error)
      }
    }
  }
  return rows
}
