import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guidePages } from './documents.ts'
import { entryFiles, publicSymbols } from './public-symbols.ts'
import { makeSite, titleOf } from './site.ts'

describe('the API pages', () => {
  let folder: string
  let complaints: string[]
  let names: string[]
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-site-'))
    complaints = await makeSite(folder)
    const entries = entryFiles().filter(file => !file.includes('.browser.'))
    names = publicSymbols(entries).map(({ where }) => where.replace(/^.*: /, ''))
  }, 600_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('are made without a complaint', () => {
    expect(complaints).toEqual([])
  })

  it('have one for each public symbol and each page of the guide', async () => {
    const files = await readdir(folder, { recursive: true })
    const titles = new Set(
      files.filter(file => file.endsWith('.html')).map(file => file.replace(/^.*[/.](.+)\.html$/, '$1')),
    )
    // A page's address is its title.
    const pages = guidePages.map(page => titleOf(page.replace(/^.*\/(.+)\.md$/, '$1')).replace(/ /g, '_'))
    expect([...names, ...pages].filter(name => !titles.has(name))).toEqual([])
  })

  it('stand under headings', async () => {
    const page = await readFile(join(folder, 'modules/sluice.html'), 'utf8')
    const headings = [...page.matchAll(/<h2[^>]*>(?:<a [^>]*>)?([^<]+)/g)].map(([, heading]) => heading)
    expect(headings).toEqual(expect.arrayContaining(['Sources', 'Stages', 'Strategies', 'Errors']))
    expect(headings).not.toContain('Other')
  })
})
