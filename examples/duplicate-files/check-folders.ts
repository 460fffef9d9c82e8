import { opendir } from 'node:fs/promises'
import { printable, reason } from './format.ts'

/** Ends the process with one line and exit code 2 if one of the folders cannot be opened. */
export async function checkFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await (await opendir(folder)).close()
    } catch (error) {
      process.stderr.write(`Cannot look through "${printable(folder)}": ${reason(error)}\n`)
      process.exit(2)
    }
  }
}
