import fc from 'fast-check'
import { from, map } from 'sluice'
import { describe, expect, it } from 'vitest'
import { type Deferred, deferred } from '../../src/internal/deferred.ts'
import { type Outcome, outcome, settle } from '../contract/probe.ts'
import { runs } from '../setup/runs.ts'

type Result = IteratorResult<number, undefined>

/** What is asked of the source is answered by hand, or at once. */
class Source {
  asked = 0
  closed: unknown[] = []
  #given = 0
  #open: Deferred<Result> | undefined
  readonly #ready: number
  readonly #within: readonly number[]
  /** Reads from within. */
  read = (): void => {}

  constructor(ready: number, within: readonly number[]) {
    this.#ready = ready
    this.#within = within
  }

  next(): Result | Promise<Result> {
    if (this.#within.includes(this.asked++)) this.read()
    if (this.#given < this.#ready) return { done: false, value: this.#given++ }
    this.#open = deferred()
    return this.#open.promise
  }

  close(reason: unknown): void {
    this.closed.push(reason)
  }

  give(): void {
    this.#open?.resolve({ done: false, value: this.#given++ })
    this.#open = undefined
  }

  end(): void {
    this.#open?.resolve({ done: true, value: undefined })
    this.#open = undefined
  }

  fail(error: unknown): void {
    this.#open?.reject(error)
    this.#open = undefined
  }
}

/** The platform's stream of what a source gives, item by item; what is there at once comes without a promise, if `prompt`. */
function native(source: Source, prompt: boolean): ReadableStream<number> {
  return new ReadableStream<number>(
    {
      async pull(controller) {
        const answer = source.next()
        const result = 'then' in answer || !prompt ? await answer : answer
        if (result.done) controller.close()
        else controller.enqueue(result.value)
      },
      cancel: reason => source.close(reason),
    },
    { highWaterMark: 0 },
  )
}

function chain(source: Source): ReadableStream<number> {
  const iterator = {
    next: () => {
      const answer = source.next()
      return 'then' in answer ? answer : Promise.resolve(answer)
    },
    return: async (reason: unknown) => {
      source.close(reason)
      return { done: true as const, value: undefined }
    },
  }
  return from({ [Symbol.asyncIterator]: () => iterator as AsyncIterator<number> }).pipeThrough(map(n => n))
}

/** Items that are there at once come from a chain without a promise between. */
function prompt(source: Source): ReadableStream<number> {
  const iterator = {
    next() {
      const answer = source.next()
      return 'then' in answer ? { done: false, value: answer.then(({ value }) => value) } : answer
    },
    return(reason: unknown) {
      source.close(reason)
      return { done: true, value: undefined }
    },
  }
  const items = { [Symbol.iterator]: () => iterator as Iterator<number> }
  return from(items).pipeThrough(map(n => n))
}

const COMMANDS = [
  'read',
  'read',
  'read',
  'give',
  'give',
  'release',
  'the platform’s reader',
  'cancel',
  'end',
  'fail',
] as const
type Command = (typeof COMMANDS)[number]

interface Move {
  readonly command: Command
  /** What is under way comes to rest before the next one. */
  readonly rest: boolean
}

const ERROR = new Error('source')

/** What becomes of everything that is asked. */
async function play(stream: ReadableStream<number>, source: Source, moves: readonly Move[]) {
  const reads: Promise<Outcome<ReadableStreamReadResult<number>>>[] = []
  const settled: string[] = []
  const log: unknown[] = []
  await settle()
  let reader: ReadableStreamDefaultReader<number> = stream.getReader()
  reader.closed.catch(() => {})
  const read = (): void => {
    const at = reads.push(undefined as never) - 1
    reads[at] = outcome(reader.read())
    reads[at].then(() => settled.push(`read ${at}`))
  }
  source.read = read
  for (const { command, rest } of moves) {
    // The platform asks for the second of two reads a little later; then it shows whether it was asked for at all.
    if (command !== 'read') await settle()
    if (command === 'read') read()
    else if (command === 'release' || command === 'the platform’s reader') {
      const { closed } = reader
      reader.releaseLock()
      closed.catch(() => {})
      reader.closed.catch(() => {})
      reads.push(outcome(reader.read()))
      reader = command === 'release' ? stream.getReader() : new ReadableStreamDefaultReader(stream)
      reader.closed.catch(() => {})
    } else if (command === 'cancel') reader.cancel(command).catch(() => {})
    else if (command === 'fail') source.fail(ERROR)
    else source[command]()
    if (rest) {
      await settle()
      log.push({ asked: source.asked, settled: settled.length })
    }
  }
  await settle()
  log.push({ asked: source.asked, settled: [...settled] })
  // Nobody is left waiting.
  const { closed } = reader
  reader.releaseLock()
  closed.catch(() => {})
  const answers = (await Promise.all(reads)).map(answer =>
    'value' in answer || answer.error === ERROR ? answer : { error: (answer.error as Error).name },
  )
  return { log, answers, closed: source.closed.length }
}

describe('the reader of a chain', () => {
  it.each([
    ['promised', chain, ['read', 'give', 'release', 'cancel', 'end', 'fail']],
    ['at hand', prompt, ['read', 'give', 'release', 'cancel']],
  ])('answers as the platform’s does, whatever it is asked (items %s)', async (_, open, kinds) => {
    const moves = fc.array(
      fc.record({
        command: fc.constantFrom(
          ...COMMANDS.filter(command => command === 'the platform’s reader' || kinds.includes(command)),
        ),
        rest: fc.boolean(),
      }),
      { minLength: 1, maxLength: 20 },
    )
    await fc.assert(
      fc.asyncProperty(
        moves,
        fc.nat(6),
        fc.array(fc.nat(5), { maxLength: 3 }),
        async (moves, ready, within) => {
          const [ours, theirs] = [new Source(ready, within), new Source(ready, within)]
          const played = await play(open(ours), ours, moves)
          expect(played).toEqual(await play(native(theirs, open === prompt), theirs, moves))
        },
      ),
      { numRuns: runs(400) },
    )
  })
})
