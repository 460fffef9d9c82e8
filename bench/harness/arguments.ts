import { parseArgs } from 'node:util'

export interface Arguments {
  readonly names: readonly string[]
  readonly runtime: string
  readonly pollute: boolean
  readonly quick: boolean
  readonly compare: string | undefined
  readonly only: string | undefined
  readonly cases: string | undefined
}

export const usage = `npm run bench -- [NAME...] [options]
  NAME             scenarios to run; all of them unless given
  --case TEXT      only cases whose name contains TEXT
  --only TEXT      only variants whose name contains TEXT
  --runtime PATH   measure in this node, deno or bun
  --clean          do not run other pipelines first
  --quick          2 short rounds, and nothing is written: to see that it works
  --compare REV    this tree and REV side by side, sluice's own variants only`

export function readArguments(args: string[]): Arguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      runtime: { type: 'string', default: process.execPath },
      clean: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      compare: { type: 'string' },
      only: { type: 'string' },
      case: { type: 'string' },
    },
  })
  return {
    names: positionals,
    runtime: values.runtime,
    pollute: !values.clean,
    quick: values.quick,
    compare: values.compare,
    only: values.only,
    cases: values.case,
  }
}
