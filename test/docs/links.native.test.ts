import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { guidePages, textOf } from './documents.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'bench/README.md',
  ...guidePages,
]

/** A document without its code: `[a](b)` in a snippet is no link, and `# x` there no heading. */
const prose = (text: string) =>
  text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, code => code.replace(/[[\]()#]/g, ''))

/** The anchors that GitHub gives to the headings of a text: https://github.com/gjtorikian/html-pipeline. */
function anchors(text: string): Set<string> {
  const found = new Set<string>()
  for (const [, heading = ''] of prose(text).matchAll(/^#{1,6} +(.+)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-')
    let unique = slug
    for (let n = 1; found.has(unique); n++) unique = `${slug}-${n}`
    found.add(unique)
  }
  return found
}

/** The links of a text that lead to nothing; `has` and `read` look at files. */
function brokenLinks(
  path: string,
  text: string,
  has = (file: string) => existsSync(join(root, file)),
  read = textOf,
): string[] {
  return [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return []
    const [to = '', anchor] = link.split('#')
    const file = to === '' ? path : normalize(join(dirname(path), to))
    if (file.startsWith('..') || !has(file)) return [`${path}: ${link}: there is no ${file}`]
    if (anchor === undefined || anchors(read(file)).has(anchor)) return []
    return [`${path}: ${link}: there is no heading #${anchor} in ${file}`]
  })
}

describe('the links of the documents', () => {
  it.each(documents)('%s: each leads to a file, and to a heading in it', path => {
    expect(brokenLinks(path, textOf(path))).toEqual([])
  })

  it('lead from the README to each page of the guide', () => {
    const readme = textOf('README.md')
    expect(guidePages.filter(page => !readme.includes(`](${page}`))).toEqual([])
    expect(guidePages.length).toBeGreaterThan(5)
  })
})

describe('the checker of links', () => {
  const broken = (text: string) =>
    brokenLinks(
      'a/b.md',
      text,
      file => file === 'a/b.md' || file === 'c.md',
      () => '## One: `two`, 3',
    )

  it.each(['[x](d.md)', '[x](../d.md)', '[x](../../c.md)', '![x](c.svg)', '[x](../c.md#one)', '[x](#three)'])(
    'sees %s',
    text => {
      expect(broken(text)).toHaveLength(1)
    },
  )

  it('lets right ones pass', () => {
    expect(broken('[x](../c.md) [x](../c.md#one-two-3) [x](https://a.b/c) `[x](d.md)`')).toEqual([])
  })
})
