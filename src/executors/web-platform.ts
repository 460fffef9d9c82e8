import { show } from '../internal/check.ts'
import { loadExposed } from './exposed.ts'
import type { Platform } from './platform.ts'
import type { TaskModule } from './task-module.ts'

/** Browsers. */
export const webPlatform: Platform = {
  runtime: 'web',
  cores: () =>
    (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator?.hardwareConcurrency ?? 2,
  load: address =>
    loadExposed(
      address,
      async () => (await import(/* @vite-ignore */ /* webpackIgnore: true */ address)) as TaskModule,
    ),
  locate(where, module) {
    if (module instanceof URL) return module.href
    const base = (globalThis as { location?: { href: string } }).location?.href
    if (typeof module === 'string' && URL.canParse(module, base)) return new URL(module, base).href
    throw new TypeError(
      `${where}: the worker must be a function such as () => new Worker(new URL('./work.ts', import.meta.url), { type: 'module' }), or a URL; received ${show(module)}`,
    )
  },
  places: () => undefined,
}
