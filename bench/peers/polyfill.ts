import { ReadableStream, TransformStream, WritableStream } from 'web-streams-polyfill'
import { type StreamClasses, verbsOf } from './native.ts'

export const polyfill = verbsOf({
  ReadableStream,
  TransformStream,
  WritableStream,
} as unknown as StreamClasses)
