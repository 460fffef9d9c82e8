type Place = {
  readonly process?: { readonly versions?: Readonly<Record<string, string | undefined>> }
  readonly navigator?: { readonly userAgent?: string }
}

/** Where the tests run, as the table names it: `node20`, `deno`, `bun`, `chromium`, `firefox`. */
export function platform(): string {
  const { process, navigator } = globalThis as Place
  const { deno, bun, node } = process?.versions ?? {}
  if (deno !== undefined) return 'deno'
  if (bun !== undefined) return 'bun'
  if (node !== undefined) return `node${node.split('.')[0]}`
  return /Firefox\//.test(navigator?.userAgent ?? '') ? 'firefox' : 'chromium'
}
