import { startTests, type Task, type VitestRunner } from '@vitest/runner'
import { setSafeTimers } from '@vitest/utils/timers'
import { expect, vi } from 'vitest'
import { immediately } from '../../setup/turn.ts'
import type { FileReport, TestReport } from './file-report.ts'

/** What vitest's own configuration gives to a run, as far as its runner and its `vi` look at it. */
const config = {
  root: '/',
  name: undefined,
  setupFiles: [],
  passWithNoTests: true,
  allowOnly: true,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  retry: 0,
  maxConcurrency: 5,
  includeTaskLocation: undefined,
  tags: [],
  strictTags: true,
  tagsFilter: undefined,
  diffOptions: undefined,
  sequence: { shuffle: false, concurrent: false, seed: 1, hooks: 'stack', setupFiles: 'list' },
  fakeTimers: { loopLimit: 10_000, shouldClearNativeTimers: true, toFake: undefined as string[] | undefined },
  expect: { poll: {} },
  snapshotOptions: { expand: false },
}

/**
 * Runs one test file of the bundle in this realm, by vitest's own runner, `expect` and `vi`: what is ours here is only
 * what vitest's worker does around them. One file in one realm, as vitest does it too.
 *
 * @param file The test file's path in the repository.
 * @param skips Why a test, by its full name, does not run here.
 */
export async function runFile(
  file: string,
  load: () => Promise<unknown>,
  skips: (name: string) => string | undefined,
  begins: (name: string) => void,
): Promise<FileReport> {
  // The runner's own timers, whatever the tests put in their place.
  setSafeTimers()
  const state = { config, filepath: file, current: undefined as Task | undefined }
  Object.defineProperty(globalThis, '__vitest_worker__', { value: state, configurable: true })
  if (!('setImmediate' in globalThis)) quickenFakeTimers()
  const reasons = new Map<string, string>()
  const runner: VitestRunner = {
    config: config as unknown as VitestRunner['config'],
    importFile: load,
    onBeforeRunTask(test) {
      const reason = skips(fullName(test))
      if (reason === undefined || test.mode !== 'run') return
      reasons.set(test.id, reason)
      test.mode = 'skip'
    },
    onBeforeTryTask(test) {
      begins(fullName(test))
      state.current = test
      expect.setState({
        assertionCalls: 0,
        isExpectingAssertions: false,
        isExpectingAssertionsError: null,
        expectedAssertionsNumber: null,
        expectedAssertionsNumberErrorGen: null,
        currentTestName: fullName(test),
      })
    },
    onAfterTryTask() {
      const { assertionCalls, expectedAssertionsNumber, isExpectingAssertions, ...errors } = expect.getState()
      if (typeof expectedAssertionsNumber === 'number' && assertionCalls !== expectedAssertionsNumber)
        throw errors.expectedAssertionsNumberErrorGen?.()
      if (isExpectingAssertions && assertionCalls === 0) throw errors.isExpectingAssertionsError
    },
    extendTaskContext: context => Object.assign(context, { expect }),
  }
  const [collected] = await startTests([file], runner)
  const tests: TestReport[] = []
  const errors: string[] = []
  const visit = (task: Task): void => {
    if (task.type === 'test') tests.push(reported(task, reasons.get(task.id)))
    else {
      errors.push(...messages(task))
      for (const child of task.tasks) visit(child)
    }
  }
  if (collected) visit(collected)
  return { file, tests, errors }
}

/**
 * Between two fake timers `vi` waits for a turn of the event loop: by `setImmediate`, else by a `setTimeout`, which browsers
 * make 4 ms long. So `vi` is shown a `setImmediate`, once, and the tests are not.
 */
function quickenFakeTimers(): void {
  const place = globalThis as { setImmediate?: unknown }
  // Two turns: the library may need one of its own for what a timer has set off.
  place.setImmediate = (task: () => void) => immediately(() => immediately(task))
  vi.useFakeTimers({ toFake: ['setTimeout'] }).useRealTimers()
  delete place.setImmediate
  const names = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance']
  const frames = [
    'requestAnimationFrame',
    'cancelAnimationFrame',
    'requestIdleCallback',
    'cancelIdleCallback',
  ]
  config.fakeTimers.toFake = [...names, ...frames].filter(name => name in globalThis)
}

function fullName(task: Task): string {
  return task.suite && task.suite !== task.file ? `${fullName(task.suite)} > ${task.name}` : task.name
}

function reported(task: Task, reason: string | undefined): TestReport {
  const name = fullName(task)
  const { state, note } = (task.result ?? {}) as { state?: string; note?: string }
  if (state === 'pass') return { name, state: 'passed' }
  if (state === 'fail') return { name, state: 'failed', reason: messages(task).join('\n') }
  return {
    name,
    state: 'skipped',
    reason: reason ?? note ?? (task.mode === 'todo' ? 'to do' : 'by its own condition'),
  }
}

function messages({ result }: Task): string[] {
  return (result?.errors ?? []).map(({ message, stack, cause, diff }) =>
    [message, cause?.message, cause?.diff, diff, stack].filter(text => text !== undefined).join('\n'),
  )
}
