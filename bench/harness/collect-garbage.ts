interface Collectors {
  readonly gc?: () => void
  readonly Bun?: { gc(force: boolean): void }
}

/** So that no run pays for the garbage of the one before it. Does nothing where the runtime was not told to allow it. */
export function collectGarbage(): void {
  const { gc, Bun } = globalThis as Collectors
  if (Bun) Bun.gc(true)
  else gc?.()
}
