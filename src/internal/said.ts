/** What an error says, without its full stop: to be gone on from. */
export function said(error: unknown): string {
  return String((error as Error).message).replace(/\.$/, '')
}
