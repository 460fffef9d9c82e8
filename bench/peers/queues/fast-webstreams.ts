import { FastTransformStream, FastWritableStream } from 'experimental-fast-webstreams'
import { type Classes, queuesOf } from './native.ts'

export const { sendToReader, pushToSink } = queuesOf({
  TransformStream: FastTransformStream,
  WritableStream: FastWritableStream,
} as unknown as Classes)
