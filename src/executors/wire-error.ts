/** A thrown value on its way between two threads. */
export type WireError =
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'error'
      /** The class that it is revived as, where that is one of the language's or the platform's own. */
      readonly type: string
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

/** What can be sent of a thrown value: an error with its class name, stack, fields and causes, or the value. */
export function encodeError(error: unknown, depth = DEPTH): WireError {
  if (!isError(error)) return { kind: 'value', value: cloneable(error) ? error : String(error) }
  const { cause, errors } = error as { cause?: unknown; errors?: unknown }
  const fields: Record<string, unknown> = {}
  for (const key of Object.keys(error)) {
    if (key === 'cause' || key === 'errors' || key === 'stack' || key === 'message' || key === 'name')
      continue
    const value = (error as unknown as Record<string, unknown>)[key]
    if (cloneable(value)) fields[key] = value
  }
  const type = error.constructor?.name || 'Error'
  return {
    kind: 'error',
    type,
    // A class that does not set `name` has that of its parent.
    name: BUILT_IN.has(error.name) && !BUILT_IN.has(type) ? type : String(error.name),
    message: String(error.message),
    stack: typeof error.stack === 'string' ? ownFrames(error.stack) : undefined,
    fields,
    cause: depth > 0 && 'cause' in error ? encodeError(cause, depth - 1) : undefined,
    errors:
      depth > 0 && Array.isArray(errors)
        ? errors.slice(0, 100).map(e => encodeError(e, depth - 1))
        : undefined,
  }
}

/** The stack down to the worker's function: what called it is of no use to anybody. */
function ownFrames(stack: string): string {
  const lines = stack.split('\n')
  const end = lines.findIndex(line => /\bHost\.#run\b/.test(line))
  return end < 0 ? stack : lines.slice(0, end).join('\n')
}

/** Revives what {@link encodeError} made, with `trail` (the other side's stack) below the stack, and `extra` fields. */
export function decodeError(wire: WireError, trail = '', extra: Record<string, unknown> = {}): unknown {
  if (wire.kind === 'value') return wire.value
  const { type, name, message, stack, fields, cause, errors } = wire
  const error = create(type, name, message, errors)
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

const BUILT_IN = new Map<string, new (message: string) => Error>()
for (const type of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
  BUILT_IN.set(type.name, type)
}

function create(
  type: string,
  name: string,
  message: string,
  errors: readonly WireError[] | undefined,
): Error {
  if (errors)
    return new AggregateError(
      errors.map(error => decodeError(error)),
      message,
    )
  if (type === 'DOMException' && typeof DOMException === 'function') return new DOMException(message, name)
  return new (BUILT_IN.get(type) ?? Error)(message)
}

/** The stack as it was, with the class's own name where the engine wrote its parent's. */
function titled(stack: string | undefined, name: string, message: string): string {
  const title = message ? `${name}: ${message}` : name
  if (stack === undefined) return title
  const at = stack.indexOf(message)
  if (stack.startsWith(name) || message === '' || at < 0) return stack
  return title + stack.slice(at + message.length)
}

function isError(value: unknown): value is Error {
  if (value instanceof Error) return true
  // An error of another realm, or a DOMException where it is not an Error.
  return (
    typeof value === 'object' && value !== null && 'message' in value && 'stack' in value && 'name' in value
  )
}

function cloneable(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false
  if (typeof value !== 'object' || value === null) return true
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}
