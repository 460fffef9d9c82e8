import { describe, it } from 'vitest'
import { run } from './run-snippet.ts'
import { markdownExamples } from './snippets.ts'

// The README shows platform streams on either side, which take the platform's own streams only.

describe('the snippets of the README', () => {
  const snippets = markdownExamples('README.md')

  it.runIf(snippets.length > 0).each(snippets.map(snippet => [snippet.where, snippet] as const))(
    '%s runs and gives what it says',
    async (_, snippet) => {
      await run(snippet)
    },
  )
})
