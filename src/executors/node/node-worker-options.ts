/** What threads and processes are started with. */
export interface NodeWorkerOptions {
  readonly env?: Record<string, string>
  readonly execArgv?: string[]
  readonly resourceLimits?: object
}
