import type { Transferable } from '../internal/platform-types.ts'

/** What people name to be moved: the buffer of an array may be any, for all that its type says. */
export type Part = Transferable | ArrayBufferLike

/** Those of the parts that can be moved: what threads share is at both sides already. */
export function movable(parts: readonly Part[]): readonly Transferable[] {
  return (parts.some(isShared) ? parts.filter(part => !isShared(part)) : parts) as readonly Transferable[]
}

/** In a page that is not isolated there is no such class. */
const isShared = (part: unknown): boolean =>
  typeof SharedArrayBuffer === 'function' && part instanceof SharedArrayBuffer
