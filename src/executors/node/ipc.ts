import { deserialize, serialize } from 'node:v8'

/** A message as text. */
interface Packed {
  readonly packed: string
}

/**
 * How a process is talked to. Bun's 'advanced' serialization refuses tinypool's own messages, which hold a port: there,
 * messages are JSON, and what JSON cannot hold goes as text.
 */
export function serialization(): 'json' | 'advanced' {
  return 'Bun' in globalThis ? 'json' : 'advanced'
}

/** Throws if the message cannot be cloned. */
export function pack<T>(message: T): T | Packed {
  return serialization() === 'json' ? { packed: toText(message) } : message
}

export function unpack<T>(message: T | Packed): T {
  const { packed } = message as Partial<Packed>
  return packed === undefined ? (message as T) : fromText(packed)
}

export function toText(value: unknown): string {
  return serialize(value).toString('base64')
}

export function fromText<T>(text: string): T {
  return deserialize(Buffer.from(text, 'base64'))
}
