import { loadExposed } from '../exposed.ts'
import type { TaskModule } from '../task-module.ts'

/** Imports a worker's module; what stops it is said with what to do about it. */
export async function loadModule(address: string, stage: string): Promise<TaskModule> {
  try {
    return await loadExposed(address, async () => (await import(address)) as TaskModule)
  } catch (error) {
    throw explained(error, address, stage)
  }
}

function explained(error: unknown, address: string, stage: string): unknown {
  const { code, message = String(error) } = (error ?? {}) as { code?: string; message?: string }
  const typescript = /\.[mc]?ts$/.test(address)
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && typescript) {
    return new TypeError(
      `${stage}: this runtime cannot load TypeScript: ${address}. Use Node 22.18 or newer, start Node with --import tsx, or give the URL of the compiled .js file`,
      { cause: error },
    )
  }
  if (
    typescript &&
    (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' || code === 'ERR_INVALID_TYPESCRIPT_SYNTAX')
  ) {
    return new TypeError(
      `${stage}: Node can only strip types from ${address}: ${message}. Avoid enums, namespaces and parameter properties, or give the URL of the compiled .js file`,
      { cause: error },
    )
  }
  if (/ERR_MODULE_NOT_FOUND|ENOENT/.test(code ?? '') && message.includes(fileName(address))) {
    return new TypeError(
      `${stage}: there is no worker module at ${address}. Give new URL('./file.js', import.meta.url), from a file that is not moved by a bundler`,
      { cause: error },
    )
  }
  return error
}

function fileName(address: string): string {
  return decodeURIComponent(address.slice(address.lastIndexOf('/') + 1))
}
