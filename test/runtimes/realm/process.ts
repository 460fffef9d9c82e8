import { appendFileSync } from 'node:fs'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { platform } from '../../setup/platform.ts'
import { skipsOf } from '../lacks.ts'
import type { RealmMessage } from './file-report.ts'
import { runFile } from './run-file.ts'

// What a server runtime runs: a process for each test file, which writes what comes of it into a file.
const [file, module, out] = process.argv.slice(2) as [string, string, string]
// Tests may put their own in the place of these.
const { exit } = process
const later = setTimeout
const say = (message: RealmMessage): void => appendFileSync(out, `${JSON.stringify(message)}\n`)

const unhandled: string[] = []
const complain = (kind: string) => (error: unknown) => {
  // See vitest.config.ts: a bug of the TransformStream of Node 20.
  if (platform() === 'node20' && /transformAlgorithm is not a function/.test(String(error))) return
  // And one of the adapters of Node 22, which take every error of a stream for an AggregateError.
  const { stack = '' } = error as { stack?: string }
  if (/error\.filter is not a function[\s\S]*at done \(node:internal\/webstreams\/adapters/.test(stack))
    return
  unhandled.push(`${kind}: ${error instanceof Error ? `${error.message}\n${error.stack}` : String(error)}`)
}
process.on('unhandledRejection', complain('unhandled rejection'))
process.on('uncaughtException', complain('uncaught exception'))

const report = await runFile(
  file,
  () => import(pathToFileURL(module).href),
  skipsOf(platform(), file),
  name => say({ type: 'begins', name }),
)
// What nobody handles is known a turn of the event loop later.
await new Promise(resolve => later(resolve, 0))
say({ type: 'report', report: { ...report, errors: [...report.errors, ...unhandled] } })
exit.call(process, 0)
