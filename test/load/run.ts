import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const usage = `Sends examples/05-http-503.ts more requests than it can answer, with wrk, and checks what it does.

  npm run test:load -- [options]

  --seconds N       how long (default: 60)
  --times N         how many times its capacity (default: 2)
  --connections N   default: 400

It needs Linux and wrk: apt-get install -y --no-install-recommends wrk`

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    times: { type: 'string', default: '2' },
    connections: { type: 'string', default: '400' },
    help: { type: 'boolean', default: false },
  },
})
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** How many requests took so many milliseconds. */
type Times = [took: number, count: number][]

/** What wrk counted. */
interface Counted {
  readonly sent: number
  readonly accepted: number
  readonly refused: number
  readonly without_retry_after: number
  readonly others: number
  /** Of connections, as wrk counts them. */
  readonly errors: number
  readonly seconds: number
  readonly accepted_times: Times
  readonly refused_times: Times
}

/** What the server's queue counted. */
interface Account {
  readonly received: number
  readonly done: number
  readonly rejected: number
  readonly capacity: number
}

if (options.help) console.log(usage)
else if (spawnSync('wrk', ['-v']).error) {
  console.error(`wrk is not here.\n\n${usage}`)
  process.exitCode = 2
} else process.exitCode = (await main()) ? 0 : 1

async function main(): Promise<boolean> {
  const [seconds, times, connections] = [options.seconds, options.times, options.connections].map(Number) as [
    number,
    number,
    number,
  ]
  const server = spawn(process.execPath, ['--import', 'tsx', at('../../examples/05-http-503.ts'), '0'], {
    cwd: at('../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const lines: string[] = []
    const ended = once(server, 'close') as Promise<[code: number | null]>
    const started = new Promise<RegExpMatchArray>(resolve => {
      createInterface(server.stdout).on('line', line => {
        const match = line.match(/^Serving on (\S+), (\d+) requests a second$/)
        if (match) resolve(match)
        else lines.push(line)
      })
    })
    const [, url = '', rate] = await Promise.race([
      started,
      ended.then(() => Promise.reject(new Error('the server did not start'))),
    ])
    const memory: number[] = []
    const sampling = setInterval(async () => {
      memory.push(await residentMegabytes(server))
    }, 1000)
    // An accepted request is away for up to 60 ms and a refused one for next to nothing: 30 ms on the whole.
    const pause = (1000 * connections) / (times * Number(rate)) - 30
    const counted = await wrk(url, seconds, connections, pause).finally(() => clearInterval(sampling))
    server.kill('SIGTERM')
    const [code] = await ended
    return report(counted, JSON.parse(lines.at(-1) ?? '') as Account, memory, code, connections)
  } finally {
    server.kill('SIGKILL')
  }
}

async function wrk(url: string, seconds: number, connections: number, pause: number): Promise<Counted> {
  const given = ['-t2', `-c${connections}`, `-d${seconds}s`, '-s', at('requests.lua'), url, '--', `${pause}`]
  const child = spawn('wrk', given, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    said += text
  })
  await once(child, 'close')
  const line = said.split('\n').find(line => line.startsWith('{'))
  if (line === undefined) throw new Error(`wrk said:\n${said}`)
  return JSON.parse(line) as Counted
}

async function residentMegabytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(status.match(/^VmRSS:\s+(\d+) kB$/m)?.[1]) / 1024
}

/** Prints the figures and what is wrong with them. */
function report(
  counted: Counted,
  account: Account,
  memory: number[],
  code: number | null,
  connections: number,
): boolean {
  const { sent, accepted, refused, without_retry_after, others, errors, seconds } = counted
  const { received, done, rejected } = account
  const [took, refusedIn] = [timesAt(counted.accepted_times), timesAt(counted.refused_times)]
  const cutOff = sent - accepted - refused - others
  // Little's law: those inside, 8 of them at work, over those that leave in a second.
  const wait = (1000 * (account.capacity + 8)) / (accepted / seconds)
  const quarter = (nth: number) =>
    median(memory.slice((memory.length * (nth - 1)) / 4, (memory.length * nth) / 4))

  console.log(`Node ${process.versions.node}, ${seconds.toFixed(1)} s, ${connections} connections
${sent} sent (${(sent / seconds).toFixed(0)}/s) = ${accepted} accepted (${(accepted / seconds).toFixed(0)}/s) + ${refused} refused + ${cutOff} cut off by wrk at its end
the server: ${received} received = ${done} done + ${rejected} refused
accepted ones took ${took(0.5)} ms (50 %), ${took(0.99)} ms (99 %), ${took(1)} ms (worst); Little's law: ${wait.toFixed(1)} ms
refused ones took ${refusedIn(0.5)} ms (50 %), ${refusedIn(0.99)} ms (99 %), ${refusedIn(1)} ms (worst)
memory: ${[1, 2, 3, 4].map(nth => quarter(nth).toFixed(1)).join(', ')} MB (median of each quarter), at most ${Math.max(...memory).toFixed(1)} MB`)

  const wrong = Object.entries({
    'the server did not end well': code !== 0,
    'connections failed': errors > 0,
    'an answer was neither 200 nor 503': others > 0,
    'a refusal came without Retry-After': without_retry_after > 0,
    'requests are missing': cutOff < 0 || cutOff > connections,
    'the server lost requests': received !== done + rejected,
    'the server counted other requests than wrk': received < accepted + refused || received > sent,
    'the load was too low to show anything': sent < 1.5 * accepted,
    // A refusal takes as long as the machine keeps the server waiting: nothing, where nobody else uses it.
    'accepted requests had to wait for too long': !(took(0.99) < 2 * wait + refusedIn(0.99)),
    // The engine's young generation grows once or twice by some MB; 400 bytes left behind by each request would show.
    'memory grew': !(quarter(4) < 1.2 * quarter(2)),
  })
    .filter(([, is]) => is)
    .map(([what]) => what)
  console.log(wrong.length === 0 ? 'All is well.' : `WRONG: ${wrong.join('; ')}`)
  return wrong.length === 0
}

/** The time that such a part of them did not exceed. */
function timesAt(times: Times): (part: number) => number {
  const all = times.sort(([a], [b]) => a - b).flatMap(([time, count]) => Array<number>(count).fill(time))
  return part => all[Math.floor((all.length - 1) * part)] ?? Number.NaN
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}
