import { SpillError } from '../../errors.ts'
import { said } from '../../internal/said.ts'

/** The store did not do what it was asked to. */
export function storeError(stage: string, what: string, cause: unknown): SpillError {
  return new SpillError('ERR_SPILL_STORE', stage, `the store ${what}: ${said(cause)}`, { cause })
}
