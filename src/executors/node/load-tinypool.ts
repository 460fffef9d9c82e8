import type { Tinypool } from 'tinypool'

/** The pool library, where it was installed: it is an optional dependency. */
export async function loadTinypool(): Promise<typeof Tinypool> {
  try {
    return (await import('tinypool')).Tinypool
  } catch (error) {
    const text = 'parallel: threads and processes need the package tinypool: npm install tinypool'
    throw new Error(text, { cause: error })
  }
}
