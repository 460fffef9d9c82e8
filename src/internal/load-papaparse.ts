/** What is used of papaparse, an optional dependency. */
export interface Papaparse {
  parse(
    input: unknown,
    config: {
      readonly delimiter: string
      readonly newline: string
      readonly quoteChar: string
      readonly comments: string | false
      readonly chunk: (results: PapaResults) => void
      readonly error: (error: unknown) => void
    },
  ): void
  unparse(
    input: readonly unknown[],
    config: {
      readonly delimiter: string
      readonly newline: string
      readonly quoteChar: string
      readonly escapeFormulae: boolean
    },
  ): string
}

export interface PapaResults {
  readonly data: readonly (readonly string[])[]
  /** `row` counts within `data`. */
  readonly errors: readonly { readonly message: string; readonly row?: number }[]
  readonly meta: { readonly cursor: number }
}

/** @throws {Error} It is not there; the message says how to get it. */
export async function loadPapaparse(stage: string): Promise<Papaparse> {
  try {
    // biome-ignore lint/suspicious/noTsIgnore: Deno's compiler has nothing against it, and thus nothing to expect.
    // @ts-ignore It has no types of its own, and DefinitelyTyped's bring the globals of Node.
    const module = (await import('papaparse')) as unknown as { default?: Papaparse } & Papaparse
    return module.default ?? module
  } catch (error) {
    throw new Error(`${stage}: CSV needs the package papaparse: npm install papaparse`, { cause: error })
  }
}
