/** A number for a key, the same for equal ones: a small one is its own, else FNV-1a. */
export function hashKey(key: string | number | bigint): number {
  if (typeof key === 'number' && Number.isInteger(key) && key >= 0 && key <= 0x7fffffff) return key
  const text = String(key)
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 1
}
