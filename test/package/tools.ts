import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { command } from './command.ts'
import { root } from './modules.ts'

/** A private package under test/, installed when it is first asked for. */
export async function tools(name: 'bundlers' | 'browser' | 'docs' | 'runtimes'): Promise<string> {
  const folder = join(root, 'test', name)
  if (!existsSync(join(folder, 'node_modules'))) await command('npm', ['ci'], folder)
  return join(folder, 'node_modules')
}
