/** A thrown value on its way between two threads. */
export type WireError =
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'error'
      /** The name of its class. */
      readonly type: string
      /** The class of the language's or the platform's own that it is, or comes from. */
      readonly base: string
      readonly name: string
      readonly message: string
      readonly stack: string | undefined
      /** Own fields that can be cloned, `code` among them. */
      readonly fields: Record<string, unknown>
      readonly cause: WireError | undefined
      /** Of an AggregateError. */
      readonly errors: readonly WireError[] | undefined
    }

/** How deep a chain of causes is followed: it may lead back to itself. */
const DEPTH = 8
/** Errors of an AggregateError that are sent. */
const MANY = 100
const NOT_FIELDS: readonly string[] = ['cause', 'errors', 'stack', 'message', 'name']

/** What can be sent of a thrown value: an error with its class name, stack, fields and causes, or the value. */
export function encodeError(error: unknown, depth = DEPTH): WireError {
  if (!isError(error)) return { kind: 'value', value: cloneable(error) ? error : read(() => String(error)) }
  const { cause, errors } = error as { cause?: unknown; errors?: unknown }
  const fields: Record<string, unknown> = {}
  for (const key of Object.keys(error)) {
    const value = read(() => (error as unknown as Record<string, unknown>)[key])
    if (!NOT_FIELDS.includes(key) && cloneable(value)) fields[key] = value
  }
  const type = error.constructor?.name || 'Error'
  const base = baseOf(error)
  return {
    kind: 'error',
    type,
    base,
    // A class that does not set `name` has that of its parent.
    name: error.name === base && type !== base ? type : String(error.name),
    message: String(error.message),
    stack: typeof error.stack === 'string' ? ownFrames(error.stack) : undefined,
    fields,
    cause: depth > 0 && 'cause' in error ? encodeError(cause, depth - 1) : undefined,
    errors:
      depth > 0 && Array.isArray(errors)
        ? errors.slice(0, MANY).map(each => encodeError(each, depth - 1))
        : undefined,
  }
}

/** Revives what {@link encodeError} made, with `trail` (the other side's stack) below the stack, and `extra` fields. */
export function decodeError(wire: WireError, trail = '', extra: Record<string, unknown> = {}): unknown {
  if (wire.kind === 'value') return wire.value
  const { name, message, stack, fields, cause } = wire
  const error = create(wire)
  // As the language defines them: not enumerable.
  const hidden = (key: string, value: unknown): void => {
    Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false })
  }
  if (error.name !== name) hidden('name', name)
  if (cause) hidden('cause', decodeError(cause))
  hidden('stack', titled(stack, name, message) + trail)
  for (const [key, value] of Object.entries({ ...extra, ...fields })) {
    // A field may be called like a getter of its class (DOMException's `code`).
    if (!(key in error) || Object.hasOwn(error, key))
      (error as unknown as Record<string, unknown>)[key] = value
  }
  return error
}

type ErrorClass = new (message: string) => Error

const BUILT_IN: Record<string, ErrorClass | undefined> = {
  // Not what every object has.
  __proto__: null as never,
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
}

/** The first class of an error's that the other side has too. */
function baseOf(error: object): string {
  for (let at: unknown = error; at; at = Object.getPrototypeOf(at)) {
    const { name } = (at as { constructor?: { name?: string } }).constructor ?? {}
    if (name !== undefined && (BUILT_IN[name] || name === 'AggregateError' || name === 'DOMException'))
      return name
  }
  return 'Error'
}

function create({ type, base, name, message, errors }: Extract<WireError, { kind: 'error' }>): Error {
  // V8's; elsewhere it is of no effect.
  const stacks = Error as { stackTraceLimit?: number | undefined }
  const limit = stacks.stackTraceLimit
  // Node shows the place where an error was made above its stack: that would be here.
  stacks.stackTraceLimit = 0
  try {
    if (base === 'AggregateError')
      return new AggregateError(errors?.map(error => decodeError(error)) ?? [], message)
    if (base === 'DOMException' && typeof DOMException === 'function') return new DOMException(message, name)
    const known = BUILT_IN[base] ?? Error
    return new (type === base ? known : namedClass(type, known))(message)
  } finally {
    stacks.stackTraceLimit = limit
  }
}

/** Stand-ins for classes of the user's, so that an error is shown as what it was. */
const STAND_INS = new Map<string, ErrorClass>()
/** Names may be made up without end. */
const MOST = 1_000

function namedClass(name: string, base: ErrorClass): ErrorClass {
  const key = `${name} ${base.name}`
  let found = STAND_INS.get(key)
  if (!found) {
    found = class extends base {}
    Object.defineProperty(found, 'name', { value: name })
    if (STAND_INS.size < MOST) STAND_INS.set(key, found)
  }
  return found
}

/** The stack down to the worker's function: what called it is of no use to anybody. */
function ownFrames(stack: string): string {
  const lines = stack.split('\n')
  const end = lines.findIndex(line => /\bcallTask\b/.test(line))
  return end < 0 ? stack : lines.slice(0, end).join('\n')
}

/** The stack as it was, with the class's own name where the engine wrote its parent's; Firefox and Safari write none. */
function titled(stack: string | undefined, name: string, message: string): string {
  const title = message ? `${name}: ${message}` : name
  if (stack === undefined) return title
  const text = `: ${message}`
  const at = stack.indexOf(text)
  if (stack.startsWith(name) || message === '' || at < 0 || /[\n@]/.test(stack.slice(0, at))) return stack
  return title + stack.slice(at + text.length)
}

function isError(value: unknown): value is Error {
  if (value instanceof Error) return true
  // An error of another realm, or a DOMException where it is not an Error.
  return (
    typeof value === 'object' && value !== null && 'message' in value && 'stack' in value && 'name' in value
  )
}

function cloneable(value: unknown): boolean {
  return read(() => [structuredClone(value)]) !== undefined
}

/** What the user's own code gives; undefined where it throws, which would end the worker. */
function read<T>(get: () => T): T | undefined {
  try {
    return get()
  } catch {
    return undefined
  }
}
