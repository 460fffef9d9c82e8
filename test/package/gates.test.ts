import { join } from 'node:path'
import { describe, inject, test } from 'vitest'
import { command } from './command.ts'
import { root } from './modules.ts'

const bin = (name: string) => join(root, 'node_modules/.bin', name)
const { tarball } = inject('library')

describe('the packed library', () => {
  test('passes publint', async () => {
    await command(bin('publint'), ['run', tarball, '--strict'], root)
  })

  // node16: CommonJS, ESM and bundlers are all asked. The resolution before them, node10, knows no `exports`, and
  // TypeScript 6 has given it up; with it, `sluice` would be found and `sluice/parallel` not.
  test('passes attw', async () => {
    await command(bin('attw'), [tarball, '--no-emoji', '--profile', 'node16'], root)
  })
})

describe('the repository', () => {
  test('has no file, export or dependency that nothing uses', async () => {
    await command('npm', ['run', '--silent', 'lint:unused'], root)
  })
})
