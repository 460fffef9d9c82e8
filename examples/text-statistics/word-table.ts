/** A set of words in shared memory: it can be read in any thread without being copied. */
export interface WordTable {
  /** What another thread needs to read it: {@link openWordTable}. */
  readonly shared: SharedArrayBuffer
  has(word: string): boolean
}

/** Puts words into a table: hashes in a list with open addressing, half of it empty. */
export function wordTable(words: readonly string[]): WordTable {
  const size = 2 ** Math.ceil(Math.log2(words.length * 2 + 1))
  const shared = new SharedArrayBuffer(size * Uint32Array.BYTES_PER_ELEMENT)
  const slots = new Uint32Array(shared)
  for (const word of words) slots[placeOf(slots, hash(word))] = hash(word)
  return openWordTable(shared)
}

/** Reads a table that another thread has made. */
export function openWordTable(shared: SharedArrayBuffer): WordTable {
  const slots = new Uint32Array(shared)
  return { shared, has: word => slots[placeOf(slots, hash(word))] !== 0 }
}

/** Where a hash is, or where it would be. */
function placeOf(slots: Uint32Array, wanted: number): number {
  let at = wanted & (slots.length - 1)
  while (slots[at] !== 0 && slots[at] !== wanted) at = (at + 1) & (slots.length - 1)
  return at
}

/** FNV-1a, and never 0, which is an empty slot. */
function hash(word: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < word.length; at++) value = Math.imul(value ^ word.charCodeAt(at), 0x01000193)
  return value >>> 0 || 1
}
