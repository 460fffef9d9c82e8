/** What workers of the tests do; plain functions, as a user would write them. */
export default function double(n: number): number {
  return n * 2
}

export const same = (item: unknown): unknown => item

export const describeItem = (item: { id: number; name: string }): string => `${item.id}: ${item.name}`

export async function later(ms: number, { signal }: { signal: AbortSignal }): Promise<number> {
  if (!signal.aborted) await new Promise(resolve => setTimeout(resolve, ms))
  return ms
}

export function setup(): void {}

export const version = '1'
