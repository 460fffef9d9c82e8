import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { from, toArray } from 'sluice'
import { parallel } from 'sluice/parallel'
import { platform } from '../setup/platform.ts'
import { LACKS } from './lacks.ts'
import { Leftovers } from './leftovers.ts'
import type { Report, Task } from './report.ts'
import { checks, type Environment, runChecks } from './suite/all.ts'

// What a runtime runs. It must end by itself: a worker, a timer or a handle that is left behind shows in that.
const { suite, filter, rounds } = JSON.parse(process.argv[2] as string) as Task
const { versions } = process
const runtime = 'deno' in versions ? 'deno' : 'bun' in versions ? 'bun' : 'node'
const major = Number(versions.node.split('.')[0])

const environment: Environment = {
  runtime,
  platform: process.platform,
  work: new URL('work.js', suite),
  file: name => new URL(name, suite),
  typescript: runtime !== 'node' || major >= 24 || (major === 22 && 'typescript' in process.features),
  lacks: ability => {
    const lack = LACKS.find(lack => lack.ability === ability && lack.platforms.includes(platform()))
    return lack && `lacks ${lack.what}`
  },
  kill(pid) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has gone already.
    }
  },
  scratch() {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-suite-'))
    const path = join(folder, 'file')
    return {
      path,
      read: () => readFileSync(path, 'utf8'),
      remove: () => rmSync(folder, { recursive: true, force: true }),
    }
  },
}

function report(message: Report): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

const wanted = checks.filter(({ name }) => name.includes(filter))
const version = runtime === 'node' ? versions.node : (versions as Record<string, string | undefined>)[runtime]
report({ type: 'begin', version: version ?? '', checks: wanted.length })

// What the runtime itself starts once, it has started after this: of threads of Node's, that is a fixed number.
const warmUp = parallel<{ double(n: number): number }>(environment.work, { name: 'double', threads: 3 })
await toArray(from(Array.from({ length: 1000 }, (_, n) => n)).pipeThrough(warmUp))
const leftovers = new Leftovers(runtime === 'node')

await runChecks(
  wanted,
  environment,
  result => report({ type: 'result', result }),
  () => leftovers.look(),
  rounds ?? Infinity,
)
report({ type: 'end' })
