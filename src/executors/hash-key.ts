/** A number for a key, the same for equal ones (FNV-1a). */
export function hashKey(key: string | number | bigint | boolean): number {
  if (typeof key === 'number' && Number.isInteger(key) && key >= 0 && key <= 0x7fffffff) {
    // Neighbours go to different workers, multiples of the workers' number too.
    return (Math.imul(key ^ (key >>> 15), 0x2c1b3c6d) ^ (key >>> 12)) >>> 1
  }
  const text = String(key)
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 1
}
