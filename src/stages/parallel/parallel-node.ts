import { nodePlatform } from '../../executors/node/platform.ts'
import { parallelOn } from './parallel-on.ts'
import type { CreatePool, Parallel } from './parallel-options.ts'

const made = /* @__PURE__ */ parallelOn(nodePlatform)

export const parallel: Parallel = made.parallel
export const createPool: CreatePool = made.createPool
