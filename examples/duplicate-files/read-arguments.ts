import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { printable } from './format.ts'

const USAGE = `Finds files with the same content, and says how much room they waste.

  npm start                      looks through this project's node_modules
  npm start -- [--all] FOLDER... looks through these folders

  --all    lists every file of every group, not only the most wasteful ones
  --help   says this

Symbolic links are not followed, several names of one file (hard links) count once, empty files not at all.
The exit code is 2 for a folder that is not there, 130 after a Ctrl-C; unreadable files are listed in the report.
`

/** What the command line asks for. Ends the process after `--help`, and if it is not understood. */
export function readArguments(args: string[]): { folders: string[]; all: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { all: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) {
      process.stdout.write(USAGE)
      process.exit(0)
    }
    return { folders: positionals.length > 0 ? positionals : [ownModules()], all: values.all }
  } catch (error) {
    process.stderr.write(`${printable((error as Error).message)}\n\n${USAGE}`)
    process.exit(2)
  }
}

function ownModules(): string {
  return relative(process.cwd(), fileURLToPath(new URL('../../node_modules', import.meta.url))) || '.'
}
