import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { isAbsolute } from 'node:path'
import { execArgv } from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { show } from '../../internal/check.ts'
import type { Platform } from '../platform.ts'
import type { ResourceLimits } from '../pool-options.ts'
import { loadModule } from './load-module.ts'
import { processPlace } from './processes.ts'
import { threadPlace } from './threads.ts'

/** Node, Deno and Bun. */
export const nodePlatform: Platform = {
  runtime: 'threads',
  cores: availableParallelism,
  load: loadModule,
  locate,
  places(runtime, settings) {
    if (runtime === 'threads') {
      const { resourceLimits } = settings
      return () =>
        threadPlace({
          ...(settings.execArgv && { execArgv: [...settings.execArgv] }),
          ...(resourceLimits && { resourceLimits }),
        })
    }
    // Deno would end, with an error of its own, when the first of them does.
    if (runtime === 'processes' && !('Deno' in globalThis)) {
      const flags = [...(settings.execArgv ?? execArgv), ...heapFlags(settings.resourceLimits)]
      return () => processPlace({ execArgv: flags })
    }
    return undefined
  },
}

/** What `resourceLimits` are for a process. */
function heapFlags(limits: ResourceLimits | undefined): string[] {
  const { maxOldGenerationSizeMb: old, maxYoungGenerationSizeMb: young, stackSizeMb: stack } = limits ?? {}
  return [
    ...(old === undefined ? [] : [`--max-old-space-size=${old}`]),
    ...(young === undefined ? [] : [`--max-semi-space-size=${Math.max(1, Math.floor(young / 3))}`]),
    ...(stack === undefined ? [] : [`--stack-size=${Math.floor(stack * 984)}`]),
  ]
}

function locate(where: string, module: URL | string): string {
  let url: URL
  if (module instanceof URL) url = module
  else if (typeof module === 'string' && isAbsolute(module)) url = pathToFileURL(module)
  else if (typeof module === 'string' && URL.canParse(module)) url = new URL(module)
  else {
    throw new TypeError(
      `${where}: the worker's module must be a URL, such as new URL('./work.js', import.meta.url), an absolute path or a function that makes a Worker; received ${show(module)}`,
    )
  }
  if (url.protocol === 'file:' && !existsSync(fileURLToPath(url))) {
    throw new TypeError(
      `${where}: there is no worker module at ${url.href}. Give new URL('./work.js', import.meta.url), from a file that no bundler moves`,
    )
  }
  return url.href
}
