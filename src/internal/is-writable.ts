/** Whether a value is a WritableStream, of whatever realm or library. */
export function isWritable(value: unknown): value is WritableStream {
  return typeof (value as { getWriter?: unknown } | null | undefined)?.getWriter === 'function'
}
