import type { Ability } from './suite/environment.ts'

/** What a runtime cannot do, and why: the checks that need it are skipped with that reason. */
export const LACKS: Readonly<Record<string, Partial<Record<Ability, string>>>> = {
  node: {},
  deno: {
    processes:
      'Deno ends with an error of its own when the IPC channel of a child is cut ("operation canceled")',
    'resource-limits': 'Deno gives no sign of a worker that has run out of memory while it handled a message',
    terminate:
      'Deno does not stop a function that never returns when its worker is ended: the item fails, and the thread goes on',
  },
  bun: {
    'resource-limits': 'Bun ignores resourceLimits',
  },
}
