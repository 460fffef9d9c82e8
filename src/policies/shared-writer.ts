/** The writer of a stream that several stages write to, and how many writes are under way. */
interface Shared {
  readonly writer: WritableStreamDefaultWriter<unknown>
  writes: number
}

const SHARED = new WeakMap<WritableStream, Shared>()

/**
 * Writes to a stream that others write to as well, and settles as the write does. The stream is locked only while
 * something is being written, so that whoever owns it can close it when the stages have ended.
 * @throws {TypeError} Somebody else has locked it.
 */
export async function writeTo(stream: WritableStream, chunk: unknown): Promise<void> {
  const shared = SHARED.get(stream) ?? { writer: stream.getWriter(), writes: 0 }
  SHARED.set(stream, shared)
  shared.writes++
  try {
    await shared.writer.write(chunk)
  } finally {
    if (--shared.writes === 0) {
      SHARED.delete(stream)
      shared.writer.releaseLock()
    }
  }
}
