import './count-workers.ts'
import { type CheckResult, equal, runCheck } from './check.ts'
import { faultChecks } from './checks-faults.ts'
import { itemChecks } from './checks-items.ts'
import { speedChecks } from './checks-speed.ts'
import { patienceCheck, startChecks } from './checks-start.ts'
import { workers } from './count-workers.ts'

/** What the page tells the server that it came from. */
export interface Report {
  readonly results: readonly CheckResult[]
}

const complaints: string[] = []
/** The one that a check is about. */
const isExpected = (event: SecurityPolicyViolationEvent) => event.blockedURI.startsWith('blob')
addEventListener('error', event => complaints.push(`uncaught: ${event.message}`))
addEventListener('unhandledrejection', event => complaints.push(`unhandled: ${event.reason?.stack}`))
addEventListener('securitypolicyviolation', event => {
  if (!isExpected(event)) complaints.push(`${event.violatedDirective} forbids ${event.blockedURI}`)
})

const results: CheckResult[] = []
async function runAll(checks: Record<string, () => Promise<string | undefined>>): Promise<void> {
  for (const [name, check] of Object.entries(checks)) results.push(await runCheck(name, check))
}

// `?only=text` runs the checks whose names have it, `&patient` the one that waits for half a minute, too.
const query = new URLSearchParams(location.search)
const only = query.get('only') ?? ''
const chosen = <T>(checks: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(checks).filter(([name]) => name.includes(only)))

await runAll(chosen(itemChecks))
await runAll(chosen(faultChecks))
await runAll(chosen(startChecks))
await runAll(chosen(speedChecks))
if (query.has('patient')) await runAll(chosen(patienceCheck))
results.push(
  await runCheck('every worker has been ended', async () => {
    equal(workers.alive, 0, 'workers left')
    return `${workers.made} were made`
  }),
  await runCheck('nothing was thrown past the library, and nothing met the CSP', async () => {
    equal(complaints, [])
    return undefined
  }),
)
await fetch('/report', { method: 'POST', body: JSON.stringify({ results } satisfies Report) })
