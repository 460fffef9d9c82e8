import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { textOf } from './documents.ts'
import { installed } from './install.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = textOf('examples/guide/deploy-as-a-task.md')
/** The blocks of a language, by the name in their first line. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n((?:(?://|#) (\\S+)\\n)?[\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code = '', name = '']) => ({ code, name }),
  )

let folder: string
beforeAll(async () => {
  await installed()
  folder = await mkdtemp(join(tmpdir(), 'sluice-task-'))
  const [task] = blocks('ts')
  await writeFile(join(folder, 'task.ts'), task?.code ?? '')
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const paths = { sluice: [join(root, 'src/index.ts')] }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { paths } }))
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Says when the task has begun to listen for SIGTERM: before, the signal would kill it. */
const HERALD = `data:text/javascript,process.on('newListener', name => {
  if (name === 'SIGTERM') setImmediate(() => console.error('listens'))
})`

/** Runs the task as a supervisor would; `onStart` may send it signals once it listens. */
function runTask(args: string[], onStart?: (child: ChildProcess) => void) {
  return new Promise<{ code: number | null; account: Record<string, number> }>((resolve, reject) => {
    const { NODE_ENV: _, NODE_OPTIONS: __, VITEST: ___, ...env } = process.env
    const child = spawn(process.execPath, ['--import', 'tsx', '--import', HERALD, 'task.ts', ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
      killSignal: 'SIGKILL',
    })
    let out = ''
    child.stdout.on('data', text => {
      out += text
    })
    child.stderr.once('data', () => onStart?.(child))
    child.stderr.resume()
    child.on('error', reject)
    child.on('close', code => {
      const line = out.trim().split('\n').at(-1)
      resolve({ code, account: line ? JSON.parse(line) : {} })
    })
  })
}

describe('the task of the page on deploying', () => {
  it('ends with 0 when everything was worked on', async () => {
    const { code, account } = await runTask(['20'])
    expect(code).toBe(0)
    expect(account).toMatchObject({ received: 20, done: 20, failed: 0, discarded: 0 })
  })

  it('ends with 1 when a row fails for good', async () => {
    const { code, account } = await runTask(['20', '5'])
    expect(code).toBe(1)
    expect(account).toMatchObject({ failed: 1 })
  })

  it.skipIf(process.platform === 'win32')(
    'ends with 143 at SIGTERM, with what was inside finished',
    async () => {
      const { code, account } = await runTask(['100000000'], child => child.kill('SIGTERM'))
      expect(code).toBe(143)
      expect(account).toMatchObject({ failed: 0, discarded: 0, queued: 0, inFlight: 0 })
      expect(account.done).toBe(account.received)
    },
  )
})

describe('the manifests of the page on deploying', () => {
  it('are YAML with what a CronJob has to have', async () => {
    const { parseDocument } = await import(packageNamed('yaml'))
    const [manifest] = blocks('yaml')
    const document = parseDocument(manifest?.code ?? '')
    expect([...document.errors, ...document.warnings]).toEqual([])
    const { apiVersion, kind, spec } = document.toJS()
    expect([apiVersion, kind, spec.concurrencyPolicy]).toEqual(['batch/v1', 'CronJob', 'Forbid'])
    const pod = spec.jobTemplate.spec.template.spec
    const [container] = pod.containers
    // The volumes that are mounted are there, and the process has time to drain.
    const volumes = pod.volumes.map(({ name }: { name: string }) => name)
    for (const { name } of container.volumeMounts) expect(volumes).toContain(name)
    const grace = Number(/GRACE = ([\d_]+)/.exec(page)?.[1]?.replaceAll('_', ''))
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(grace)
    expect(container.resources.limits.memory).toBe('512Mi')
  })

  const verifier = spawnSync('systemd-analyze', ['--version']).status === 0
  it('are units that systemd takes', async ({ skip }) => {
    skip(!verifier, 'there is no systemd-analyze here')
    const units = blocks('ini')
    expect(units.map(({ name }) => name)).toEqual(['nightly.service', 'nightly.timer'])
    for (const { name, code } of units) await writeFile(join(folder, name), code)
    const files = units.map(({ name }) => join(folder, name))
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], {
      encoding: 'utf8',
    })
    // It looks at the machine's other units as well: only words on these count.
    expect(stderr.split('\n').filter(line => line.includes('nightly'))).toEqual([])
    expect(status).toBe(0)
  })

  it('has a crontab line of five times and a command', () => {
    const [crontab] = blocks('sh')
    expect(crontab?.code).toMatch(/^(\S+ ){5}cd \S+ && flock .* timeout .* node task\.js/)
  })
})

/** A name that the compiler does not see: the package's types are there only where it has been installed. */
function packageNamed(name: string): string {
  return name
}
