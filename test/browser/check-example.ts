import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Row } from '../runtimes/row.ts'

/** So many images: the gaps between frames, which other work on the same cores would make longer, are not judged then. */
const IMAGES = 60
const LIMIT = 300_000

/** The page of examples/browser, as people use it (`npm run test:example` does so with a thousand images). */
export async function checkExample(version: string): Promise<Row> {
  const row = new Row('chromium, examples/browser')
  row.version = version
  const start = performance.now()
  const script = fileURLToPath(new URL('example/run.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, String(IMAGES)], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  createInterface({ input: child.stdout }).on('line', line => {
    if (/^ {2}ok /.test(line)) row.passed++
    else if (/^ {2}FAILED /.test(line)) row.failed++
    else return
    console.log(line)
  })
  const timer = setTimeout(() => row.faults.push(`not over after ${LIMIT / 1000} s`) && kill(), LIMIT)
  const kill = (): void => {
    try {
      process.kill(-(child.pid as number), 'SIGKILL')
    } catch {
      // Nothing is left of it.
    }
  }
  const code = await new Promise(resolve => child.on('close', resolve))
  clearTimeout(timer)
  kill()
  if (code !== 0 && row.well) row.faults.push(`it ended with ${code}`)
  row.seconds = (performance.now() - start) / 1000
  return row
}
