/** Where the tests run. */
export type Platform = 'node20' | 'node22' | 'node24' | 'node26' | 'deno' | 'bun' | 'chromium' | 'firefox'

type Place = {
  readonly process?: { readonly versions?: Readonly<Record<string, string | undefined>> }
  readonly navigator?: { readonly userAgent?: string }
}

export function platform(): Platform {
  const { process, navigator } = globalThis as Place
  const { deno, bun, node } = process?.versions ?? {}
  if (deno !== undefined) return 'deno'
  if (bun !== undefined) return 'bun'
  if (node !== undefined) return `node${node.split('.')[0]}` as Platform
  return /Firefox\//.test(navigator?.userAgent ?? '') ? 'firefox' : 'chromium'
}
