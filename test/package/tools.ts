import { join } from 'node:path'
import { command } from './command.ts'
import { isInstalled } from './is-installed.ts'
import { root } from './modules.ts'

/** A private package under test/, installed when it is first asked for and when its lockfile has changed. */
export async function tools(name: 'bundlers' | 'browser' | 'docs' | 'runtimes'): Promise<string> {
  const folder = join(root, 'test', name)
  if (!isInstalled(folder)) await command('npm', ['ci'], folder)
  return join(folder, 'node_modules')
}
