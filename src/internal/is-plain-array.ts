/** Whether walking a value by index gives what its iterator would. */
export function isPlainArray(value: unknown): value is unknown[] {
  return (
    Array.isArray(value) &&
    value[Symbol.iterator] === Array.prototype[Symbol.iterator] &&
    !(Symbol.asyncIterator in value)
  )
}
