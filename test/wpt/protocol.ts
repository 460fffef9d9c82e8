export const modes = ['platform', 'classes', 'engine'] as const
/** What stands in for the platform's classes while a test file runs. */
export type Mode = (typeof modes)[number]

export type Status = 'PASS' | 'FAIL' | 'TIMEOUT' | 'NOTRUN' | 'UNSUPPORTED'

export interface Subtest {
  name: string
  status: Status
  message?: string | undefined
}

/** What the child process is told to run. */
export interface Job {
  mode: Mode
  /** The folder that holds `streams/` and `resources/`. */
  root: string
  /** Relative to `streams/`. */
  file: string
  /** The library as one module that plain JavaScript runtimes can import. */
  library: string
}

/** What the child process reports, one message at a time so that a crash loses nothing that came before. */
export type Report =
  | { type: 'subtest'; subtest: Subtest }
  | { type: 'problem'; problem: string }
  | { type: 'done' }
