import { spawn } from 'node:child_process'

/** Runs a command to its end; resolves with what it printed, rejects with that if it fails. */
export function command(name: string, args: string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // vitest marks its workers with NODE_ENV and friends; a user's shell has none of that.
    const { NODE_ENV: _, NODE_OPTIONS: __, VITEST: ___, ...env } = process.env
    const child = spawn(name, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const output: Buffer[] = []
    const complaints: Buffer[] = []
    child.stdout.on('data', chunk => output.push(chunk))
    child.stderr.on('data', chunk => complaints.push(chunk))
    child.on('error', reject)
    child.on('close', code => {
      const text = Buffer.concat(output).toString()
      if (code === 0) resolve(text)
      else reject(new Error(`${name} ${args.join(' ')} => ${code}\n${text}\n${Buffer.concat(complaints)}`))
    })
  })
}
