/** How a value looks in an error message: short, with its kind, never throwing. */
export function show(value: unknown): string {
  if (typeof value === 'string')
    return value.length > 40 ? `a string of ${value.length} characters` : JSON.stringify(value)
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object' && value !== null)
    return `[object ${(value as { constructor?: { name?: string } }).constructor?.name || 'Object'}]`
  return typeof value === 'bigint' ? `${value}n` : String(value)
}

/** Throws unless `value` is a function. */
export function checkFunction(where: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${where} must be a function, received ${show(value)}`)
}

/** Throws unless `value` is a number, and `right`. */
export function checkPart(where: string, value: unknown, right: boolean, range: string): void {
  if (typeof value !== 'number') throw new TypeError(`${where} must be a number, received ${show(value)}`)
  if (!right) throw new RangeError(`${where} must be ${range}, received ${value}`)
}

/** Throws unless `value` is a whole number from `min` up; `Infinity` only where the caller allows it. */
export function checkInteger(where: string, value: unknown, min: number, infinity = false): void {
  if (typeof value !== 'number') throw new TypeError(`${where} must be a number, received ${show(value)}`)
  if ((infinity && value === Infinity) || (Number.isInteger(value) && value >= min)) return
  const kind = min > 0 ? 'a positive integer' : 'an integer of 0 or more'
  throw new RangeError(`${where} must be ${kind}${infinity ? ' or Infinity' : ''}, received ${value}`)
}

/** Longest delay that platform timers keep; a larger one would fire at once. */
const MAX_DELAY = 2_147_483_647

/** Throws unless `value` is a delay that a timer can keep, in milliseconds. */
export function checkDelay(where: string, value: unknown): void {
  if (typeof value !== 'number')
    throw new TypeError(`${where} must be a number of milliseconds, received ${show(value)}`)
  if (!(value >= 0 && value <= MAX_DELAY)) {
    throw new RangeError(`${where} must be from 0 to ${MAX_DELAY} milliseconds, received ${value}`)
  }
}

/** Throws unless `value` is absent or an `AbortSignal` (of any realm). */
export function checkSignal(where: string, value: unknown): void {
  if (value === undefined) return
  if (typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value) return
  throw new TypeError(`${where} must be an AbortSignal, received ${show(value)}`)
}

/** Throws unless `options` is absent or an object. */
export function checkOptions(where: string, options: unknown): void {
  if (options === undefined || (typeof options === 'object' && options !== null)) return
  throw new TypeError(`${where}: options must be an object, received ${show(options)}`)
}
