/** What threads and processes are started with. */
export interface NodeWorkerOptions {
  readonly execArgv?: string[]
  readonly resourceLimits?: object
}
