import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './modules.ts'

const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>
}

/** What a user can import, as they write it. */
export const entries = Object.keys(exports)
  .filter(key => key !== './package.json')
  .map(key => `sluice${key.slice(1)}`)
