import { env } from '../setup/env.ts'
import { platform } from '../setup/platform.ts'
import type { RowId } from './rows.ts'

/** Shows what was measured, for the table: with `SLUICE_INTEROP=1`. */
export function record(row: RowId, ahead: number): void {
  if (!env('SLUICE_INTEROP')) return
  const line = `ahead ${row} ${platform()} ${ahead}`
  if ('process' in globalThis) console.error(line)
  else fetch('/interop/measured', { method: 'PUT', body: `${line}\n` })
}
