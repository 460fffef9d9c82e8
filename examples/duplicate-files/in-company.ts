import { flatMap, type Stage } from 'sluice'

/**
 * Passes on the files that share their key with another file. The first one of a key waits here until a second one
 * comes; one that stays alone never goes on.
 */
export function inCompany<T extends object>(
  keyOf: (file: T) => unknown,
  options: { name: string },
): Stage<T, T> {
  const seen = new Map<unknown, T | 'gone on'>()
  return flatMap((file: T): T[] => {
    const key = keyOf(file)
    const first = seen.get(key)
    seen.set(key, first === undefined ? file : 'gone on')
    if (first === undefined) return []
    return first === 'gone on' ? [file] : [first, file]
  }, options)
}
