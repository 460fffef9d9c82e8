/** The stack of whoever called `fn`, below a line that says what it is; "" where the engine has no stacks. */
export function callSite(title: string, fn: (...args: never[]) => unknown): string {
  const holder: { stack?: string } = {}
  const { captureStackTrace } = Error as unknown as {
    captureStackTrace?: (at: object, above: unknown) => void
  }
  if (captureStackTrace) captureStackTrace(holder, fn)
  else holder.stack = new Error().stack ?? ''
  const frames = (holder.stack ?? '').split('\n').filter(isUsers)
  return frames.length === 0 ? '' : `\n    -- ${title} --\n${frames.join('\n')}`
}

/** A line of a stack that is a frame, and not one of the runtime's own. */
function isUsers(line: string): boolean {
  return /^\s*at |@/.test(line) && !/\bnode:internal\b/.test(line)
}
