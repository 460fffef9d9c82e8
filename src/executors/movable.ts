import type { Transferable } from '../internal/platform-types.ts'

/**
 * Those of the parts that can be moved: what threads share is at both sides already. The buffer of an array may be shared,
 * for all that its type says.
 */
export function movable(parts: readonly (Transferable | ArrayBufferLike)[]): readonly Transferable[] {
  return (parts.some(isShared) ? parts.filter(part => !isShared(part)) : parts) as readonly Transferable[]
}

/** In a page that is not isolated there is no such class. */
const isShared = (part: unknown): boolean =>
  typeof SharedArrayBuffer === 'function' && part instanceof SharedArrayBuffer
