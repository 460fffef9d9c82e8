import { coreOf } from '../../engine/stage-core.ts'
import { callSite } from '../../executors/call-site.ts'
import type { Dispatcher } from '../../executors/dispatcher.ts'
import { ParallelOperator } from '../../executors/parallel-operator.ts'
import type { Platform, WorkerModule } from '../../executors/platform.ts'
import { type PoolPlan, planExecutor, planPool } from '../../executors/pool.ts'
import type { PoolOptions } from '../../executors/pool-options.ts'
import { UNNAMED } from '../../executors/task-module.ts'
import { stageOf } from '../../fused-stage.ts'
import {
  checkDelay,
  checkFunction,
  checkInteger,
  checkOptions,
  checkSignal,
  show,
} from '../../internal/check.ts'
import { type ItemPolicies, policyPlan } from '../../policies/item-policies.ts'
import type { Stage } from '../../stage.ts'
import type {
  CreatePool,
  ExecutorStageOptions,
  Parallel,
  ParallelOptions,
  ParallelStage,
  ParallelStageOptions,
  ParallelStats,
  Pool,
} from './parallel-options.ts'

// biome-ignore lint/suspicious/noExplicitAny: options of any stage
type AnyOptions = ParallelOptions<any, any> & Partial<Pick<ExecutorStageOptions<any, any>, 'executor'>>

/** The dispatcher of each pool made by `createPool`. */
const POOL = Symbol('pool')
type Shared = { readonly [POOL]?: () => Dispatcher }

/** `parallel` and `createPool` for a platform. */
export function parallelOn(platform: Platform): { parallel: Parallel; createPool: CreatePool } {
  const createPool = (module: WorkerModule, options: PoolOptions = {}): Pool => {
    const trail = callSite('in a worker of the pool made by:', createPool)
    const plan = planPool(platform, { where: 'createPool', names: [], trail }, module, options)
    let made: Dispatcher | undefined
    const dispatcher = (): Dispatcher => {
      made ??= plan.create()
      return made
    }
    const pool: Pool & Shared = {
      [POOL]: dispatcher,
      stats: () => made?.stats() ?? [],
      close: () => dispatcher().close(),
    }
    return pool
  }

  // biome-ignore lint/suspicious/noExplicitAny: the overloads say which
  const parallel = (target: any, options: AnyOptions = {}): ParallelStage<any, any> => {
    checkOptions('parallel', options)
    const { name, executor, batch = 'auto' } = options
    if (name !== undefined && typeof name !== 'string') {
      throw new TypeError(`parallel: name must be a string, received ${show(name)}`)
    }
    const stage = name ?? 'parallel'
    const where = name === undefined ? 'parallel' : `parallel ${name}`
    checkStageOptions(where, options)
    const shared = (target as Shared | undefined)?.[POOL]
    if (!shared && typeof (target as Partial<Pool> | undefined)?.stats === 'function') {
      throw new TypeError(
        `${where}: the pool is of another copy of sluice; use the createPool() of the same import`,
      )
    }
    if (shared)
      refusePoolOptions(where, options, 'is an option of createPool(), whose pool this stage shares')
    else if (executor !== undefined)
      refusePoolOptions(where, options, 'does not go with an executor of your own')
    const trail = callSite(`in a worker of the stage ${JSON.stringify(stage)} made by:`, parallel)
    const plan: PoolPlan | undefined = shared
      ? undefined
      : executor !== undefined
        ? planExecutor(where, executor)
        : planPool(platform, { where, names: [name ?? UNNAMED], trail }, target, options)
    const { crashRetries = 0, ordered = true, key, timeout, transfer, signal } = options
    const policies = policyPlan<unknown>(where, policiesOf(options))
    let made: Dispatcher | undefined
    let operator: ParallelOperator<unknown, unknown> | undefined
    const result: Stage<unknown, unknown> = stageOf<unknown, unknown>(
      'parallel',
      {
        create: down => {
          made = shared ? shared() : (plan as PoolPlan).create()
          const inbox = coreOf<unknown, unknown>(result)?.intake?.inbox
          operator = new ParallelOperator(
            down,
            made,
            {
              stage,
              name: name ?? UNNAMED,
              batch: batch === 'auto' ? undefined : batch,
              crashRetries,
              policies,
              ordered,
              key,
              timeout,
              transfer,
              signal,
              owned: shared === undefined,
            },
            inbox && (() => inbox.weight / inbox.capacity),
          )
          return operator
        },
      },
      options,
    )
    const { stats } = result
    Object.defineProperty(result, 'stats', {
      value: (): ParallelStats => ({
        ...stats(),
        window: operator?.window ?? 0,
        workers: made?.stats() ?? [],
      }),
      enumerable: true,
    })
    return result as ParallelStage<unknown, unknown>
  }
  return { parallel: parallel as Parallel, createPool: createPool as CreatePool }
}

/** All but the timeout, which the workers keep. */
function policiesOf({
  retry,
  onError,
  deadLetter,
  breaker,
  policy,
}: AnyOptions): ItemPolicies<unknown, unknown> {
  return { retry, onError, deadLetter, breaker, policy } as ItemPolicies<unknown, unknown>
}

// biome-ignore lint/suspicious/noExplicitAny: options of any stage
function checkStageOptions(where: string, options: ParallelStageOptions<any, any>): void {
  const { ordered, key, batch, timeout, transfer, crashRetries, retry, policy, signal } = options
  if (ordered !== undefined && typeof ordered !== 'boolean') {
    throw new TypeError(`${where}: ordered must be true or false, received ${show(ordered)}`)
  }
  if (key !== undefined) checkFunction(`${where}: key`, key)
  if (batch !== undefined && batch !== 'auto') checkInteger(`${where}: batch`, batch, 1)
  if (timeout !== undefined) checkDelay(`${where}: timeout`, timeout)
  if (transfer !== undefined) checkFunction(`${where}: transfer`, transfer)
  if (crashRetries !== undefined) checkInteger(`${where}: crashRetries`, crashRetries, 0, true)
  if (key !== undefined && (retry ?? policy) !== undefined) {
    throw new TypeError(
      `${where}: ${retry ? 'retry' : 'policy'} does not go with key: what runs again would come after later items of its key; try again in the worker's function`,
    )
  }
  checkSignal(`${where}: signal`, signal)
}

const POOL_OPTIONS = [
  'threads',
  'runtime',
  'concurrencyPerWorker',
  'data',
  'isolate',
  'recycleAfter',
  'maxMemory',
  'resourceLimits',
  'execArgv',
  'grace',
] as const satisfies readonly (keyof PoolOptions)[]

function refusePoolOptions(where: string, options: object, why: string): void {
  const wrong = POOL_OPTIONS.find(option => (options as Record<string, unknown>)[option] !== undefined)
  if (wrong) throw new TypeError(`${where}: ${wrong} ${why}`)
}
