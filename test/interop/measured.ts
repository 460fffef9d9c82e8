import type { RowId } from './rows.ts'

/** Shows what was measured, for the table: with `SLUICE_INTEROP=1`. */
export function record(row: RowId, ahead: number): void {
  const { process } = globalThis as { process?: { env: Record<string, string | undefined> } }
  if (process?.env.SLUICE_INTEROP) console.info(`ahead ${row} ${ahead}`)
}
