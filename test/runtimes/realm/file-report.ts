export type TestReport = { readonly name: string } & (
  | { readonly state: 'passed' }
  | { readonly state: 'failed' | 'skipped'; readonly reason: string }
)

/** What came of one test file in one realm. */
export interface FileReport {
  readonly file: string
  readonly tests: readonly TestReport[]
  /** What went wrong outside its tests: in its hooks, as it was loaded, unhandled rejections. */
  readonly errors: readonly string[]
}

/** What a realm says to whoever made it. */
export type RealmMessage =
  | { readonly type: 'begins'; readonly name: string }
  | { readonly type: 'report'; readonly report: FileReport }
