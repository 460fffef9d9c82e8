import { platform } from '../../setup/platform.ts'
import { skipsOf } from '../lacks.ts'
import type { RealmMessage } from './file-report.ts'
import { runFile } from './run-file.ts'

// What an iframe or a dedicated worker of a browser runs: one test file, named in its address.
const later = setTimeout
const given = new URLSearchParams(location.search)
const [environment, file, module] = ['environment', 'file', 'module'].map(key => given.get(key)) as [
  string,
  string,
  string,
]
Object.assign(globalThis, { sluiceTestEnv: JSON.parse(environment) })
const post = globalThis.parent
  ? window.parent.postMessage.bind(window.parent)
  : (self.postMessage as (message: unknown) => void).bind(self)
const say = (message: RealmMessage): void => post(message)

const unhandled: string[] = []
addEventListener('unhandledrejection', ({ reason }) => {
  unhandled.push(
    `unhandled rejection: ${reason instanceof Error ? `${reason.message}\n${reason.stack}` : reason}`,
  )
})
addEventListener('error', ({ message, error }) => {
  unhandled.push(`uncaught exception: ${message}\n${error?.stack ?? ''}`)
})

const report = await runFile(
  file,
  () => import(new URL(module, location.origin).href),
  skipsOf(platform(), file),
  name => say({ type: 'begins', name }),
)
// What nobody handles is known a turn of the event loop later.
await new Promise(resolve => later(resolve, 0))
say({ type: 'report', report: { ...report, errors: [...report.errors, ...unhandled] } })
