/** Something that could not be read, and why. */
export interface Problem {
  readonly path: string
  readonly error: unknown
}
