import { loadExposed } from '../exposed.ts'
import type { TaskModule } from '../task-module.ts'

/** Imports a worker's module; what stops it is said with what to do about it. */
export async function loadModule(address: string, where: string): Promise<TaskModule> {
  try {
    return await loadExposed(address, async () => (await import(address)) as TaskModule)
  } catch (error) {
    throw explained(error, address, where)
  }
}

function explained(error: unknown, address: string, where: string): unknown {
  const { code, message = String(error) } = (error ?? {}) as { code?: string; message?: string }
  const typescript = /\.[mc]?ts$/.test(address)
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && typescript) {
    return new TypeError(
      `${where}: this runtime cannot load TypeScript: ${address}. Use Node 22.18 or newer, start Node with --import tsx, or give the URL of the compiled .js file`,
      { cause: error },
    )
  }
  if (
    typescript &&
    (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' || code === 'ERR_INVALID_TYPESCRIPT_SYNTAX')
  ) {
    return new TypeError(
      `${where}: Node can only strip types from ${address}: ${message}. Avoid enums, namespaces and parameter properties, or give the URL of the compiled .js file`,
      { cause: error },
    )
  }
  if (error instanceof SyntaxError) {
    // Where it is wrong is only shown by a runtime that ends with it.
    const text = `${where}: ${address}, or a module that it imports, cannot be loaded: ${message}`
    return new SyntaxError(text, { cause: error })
  }
  return error
}
