import { equal, ok, rejection, sameOrder, sameSet } from './assert.ts'
import { check } from './check.ts'
import { parallel } from './stages.ts'
import { numbers, random, through } from './watched.ts'

const COUNT = 10_000

check(
  '10,000 items that throw at random: skipped, or replaced in their place',
  async (environment, round) => {
    const items = numbers(COUNT)
    const replace = round % 2 === 0
    const stage = parallel(environment.work, {
      name: 'fickle',
      threads: 2,
      onError: replace ? (_: unknown, item: number) => -item : 'skip',
    })
    const out = await through(items, stage)
    const bad = (n: number): boolean => n % 7 === 3
    sameOrder(out, replace ? items.map(n => (bad(n) ? -n : n)) : items.filter(n => !bad(n)), 'output')
    const failed = replace ? 0 : items.filter(bad).length
    equal([stage.stats().done, stage.stats().failed], [COUNT - failed, failed], 'done and failed')
  },
  { rounds: 4 },
)

/** Items of which about so many in a thousand carry a mark. */
function marked<T extends object>(seed: number, perMille: number, mark: T): (Partial<T> & { n: number })[] {
  const dice = random(seed)
  return numbers(COUNT).map(
    n => (dice() * 1000 < perMille ? { ...mark, n } : { n }) as Partial<T> & { n: number },
  )
}

for (const name of ['mortal', 'mortalLater']) {
  check(
    `10,000 items of which 1 % end their worker (${name}): those fail, all others come, in order`,
    async (environment, round) => {
      const items = marked(round, 10, { die: 1 })
      const errors: { code: string; index: number; item: unknown; attempts: number }[] = []
      const stage = parallel(environment.work, {
        name,
        threads: 2,
        concurrencyPerWorker: name === 'mortal' ? 1 : 4,
        onError: (error: (typeof errors)[number], item: { n: number }) => {
          errors.push(error)
          equal(error.index, item.n, 'the index on the error')
          return -1
        },
      })
      const out = await through(items, stage)
      const wrong = errors.find(error => error.code !== 'ERR_WORKER_CRASH')
      ok(!wrong, `an item failed with ${wrong}`)
      sameSet(
        errors.map(error => error.index),
        items.filter(item => item.die).map(item => item.n),
        'the items that failed',
      )
      sameOrder(
        out,
        items.map(item => (item.die ? -1 : item.n)),
        'output',
      )
    },
    // It takes 100 workers, twice as many where the one to blame has to be found: half a second each on a busy machine.
    { rounds: 2, needs: ['exit'], limit: 180_000 },
  )
}

check(
  '10,000 items of which 1 % end their worker at the first attempt: with crashRetries 1 all succeed',
  async (environment, round) => {
    const items = marked(round + 50, 10, { die: 1 })
    const stage = parallel(environment.work, { name: 'mortal', threads: 2, crashRetries: 1 })
    sameOrder(await through(items, stage), numbers(COUNT), 'output')
    const { workers } = stage.stats()
    const crashes = workers.reduce((sum, worker) => sum + worker.crashes, 0)
    ok(crashes >= items.filter(item => item.die).length, `${crashes} crashes were counted`)
  },
  { rounds: 2, needs: ['exit'], limit: 60_000 },
)

check(
  'an item that has ended its worker too often fails the stage with WorkerCrashError',
  async environment => {
    const stage = parallel(environment.work, { name: 'mortal', threads: 2, crashRetries: 2 })
    const items = numbers(50).map(n => (n === 20 ? { n, die: 99 } : { n }))
    const error = await rejection(through(items, stage), 'the stage')
    equal(
      [error.name, error.code, error.stage, error.index, error.item, error.attempts],
      ['WorkerCrashError', 'ERR_WORKER_CRASH', 'mortal', 20, items[20], 3],
      'the error',
    )
    ok(error.cause instanceof Error, 'its cause says how')
  },
  { needs: ['exit'] },
)

check(
  'a worker that dies while nothing is at work costs nothing',
  async environment => {
    // The item is alone in the stage, and its worker dies after it has given its result.
    const stage = parallel(environment.work, { name: 'dieSoon', threads: 1, batch: 1 })
    const out = await through(numbers(20), stage)
    sameOrder(out, numbers(20), 'output')
  },
  { needs: ['exit'] },
)

check(
  'kill -9 of a worker process every 50 ms: all of 10,000 items come, each once, in order',
  async environment => {
    const stage = parallel(environment.work, {
      name: 'killable',
      threads: 2,
      runtime: 'processes',
      crashRetries: 1000,
      batch: 25,
    })
    const pids: number[] = []
    let kills = 0
    const timer = setInterval(() => {
      const pid = pids.at(-1)
      if (pid === undefined) return
      pids.length = 0
      environment.kill?.(pid)
      kills++
    }, 50)
    try {
      async function* watched() {
        for (let n = 0; n < COUNT; n++) yield n
      }
      const out: number[] = []
      for await (const { n, pid } of streamOf(watched()).pipeThrough(stage)) {
        out.push(n)
        pids.push(pid)
      }
      sameOrder(out, numbers(COUNT), 'output')
    } finally {
      clearInterval(timer)
    }
    ok(kills > 5, `only ${kills} kills`)
  },
  { rounds: 2, needs: ['processes'], limit: 90_000 },
)

check(
  'processes: 1 % of 2,000 items end theirs; those fail, all others come',
  async (environment, round) => {
    const items = marked(round + 90, 5, { die: 1 }).slice(0, 2000)
    const stage = parallel(environment.work, {
      name: 'mortal',
      threads: 2,
      runtime: 'processes',
      onError: 'skip',
    })
    sameOrder(
      await through(items, stage),
      items.filter(item => !item.die).map(item => item.n),
      'output',
    )
  },
  { needs: ['processes'], limit: 60_000 },
)

check(
  'out of memory: the greedy items fail, all others of 10,000 come',
  async environment => {
    const greedy = (n: number): boolean => n % 2500 === 1200
    const items = numbers(COUNT).map(n => ({ n, eat: greedy(n) }))
    const failed: number[] = []
    const stage = parallel(environment.work, {
      name: 'greedy',
      threads: 2,
      resourceLimits: { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 6 },
      onError: (error: { code: string }, item: { n: number }) => {
        equal(error.code, 'ERR_WORKER_CRASH', 'the code')
        failed.push(item.n)
        return -1
      },
    })
    const out = await through(items, stage)
    sameOrder(
      out,
      items.map(({ n, eat }) => (eat ? -1 : n)),
      'output',
    )
    sameSet(failed, numbers(COUNT).filter(greedy), 'the items that failed')
  },
  { rounds: 2, needs: ['resource-limits'], limit: 60_000 },
)

function streamOf<T>(items: AsyncGenerator<T>): ReadableStream<T> {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await items.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
}
