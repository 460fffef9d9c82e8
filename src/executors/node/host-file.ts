import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
// Deno has no export `features`.
import process, { execArgv } from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const HOST = 'tinypool-host'

/** The host's file: the source where this is source, else what was built beside it. */
function hostUrl(): URL {
  return new URL(`${HOST}${isSource() ? '.ts' : '.js'}`, import.meta.url)
}

function isSource(): boolean {
  return import.meta.url.endsWith('.ts')
}

/** What tinypool loads in a process: a path. Deno may have the library from the network: then, code that imports it. */
export function processHost(): string {
  const bundled = new Error(
    'parallel: sluice has been bundled without the file that its workers begin with. Keep sluice and tinypool out of bundles for servers (external), in node_modules',
  )
  // Where a bundler makes CommonJS, `import.meta.url` is gone.
  if (typeof import.meta.url !== 'string') throw bundled
  const url = hostUrl()
  if (url.protocol !== 'file:')
    return `data:text/javascript,export { default } from ${JSON.stringify(url.href)}`
  const path = fileURLToPath(url)
  if (!existsSync(path)) throw bundled
  return path
}

/**
 * What tinypool loads in a thread. In Node 20 the hooks of `--import tsx` do not reach threads: there, they are
 * registered once more.
 */
export function threadHost(): string {
  const path = processHost()
  const tsx = isSource() || execArgv.some(argument => /\btsx\b/.test(argument)) ? tsxUrl() : undefined
  if (!tsx) return path
  const code = `import { register } from ${JSON.stringify(tsx)}
register()
export default (await import(${JSON.stringify(hostUrl().href)})).default`
  return `data:text/javascript,${encodeURIComponent(code)}`
}

/** Flags with which a process can load our own source. */
export function sourceFlags(): readonly string[] {
  return isSource() && !execArgv.includes('--import') && tsxUrl() ? ['--import', 'tsx'] : []
}

/** Where tsx is, if this runtime needs it for TypeScript and has it. */
function tsxUrl(): string | undefined {
  const { typescript } = (process.features ?? {}) as { typescript?: unknown }
  if (typescript || 'Deno' in globalThis || 'Bun' in globalThis) return undefined
  try {
    const require = createRequire(pathToFileURL('./').href)
    // The CommonJS face of it is beside the other.
    return pathToFileURL(require.resolve('tsx/esm/api').replace(/\.cjs$/, '.mjs')).href
  } catch {
    return undefined
  }
}
