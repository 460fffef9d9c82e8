import { webPlatform } from '../../executors/web-platform.ts'
import { parallelOn } from './parallel-on.ts'
import type { CreatePool, Parallel } from './parallel-options.ts'

const made = /* @__PURE__ */ parallelOn(webPlatform)

export const parallel: Parallel = made.parallel
export const createPool: CreatePool = made.createPool
