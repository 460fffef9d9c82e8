import fc from 'fast-check'
import { map, Stage, transform } from 'sluice'
import { describe, expect, it } from 'vitest'
import { rest } from '../contract/overflow-driver.ts'
import { runs } from '../setup/runs.ts'

const OPS = ['write', 'read', 'finish', 'fail', 'close', 'abort', 'cancel'] as const
type Op = (typeof OPS)[number]

const often = (weight: number, ...ops: Op[]) => ({ weight, arbitrary: fc.constantFrom(...ops) })
const ops = fc.array(
  fc.oneof(
    often(8, 'write'),
    often(8, 'read'),
    often(5, 'finish'),
    often(1, 'fail', 'close', 'abort', 'cancel'),
  ),
  { maxLength: 24, size: 'max' },
)

/** One pair of streams with somebody on each side, and all that shows of it. */
class Pair {
  readonly log: string[] = []
  readonly answers: Record<string, string> = {}
  readonly jobs: { resolve: () => void; reject: (error: unknown) => void }[] = []
  readonly #writer: WritableStreamDefaultWriter<number>
  readonly #readable: ReadableStream<number>
  #reader: ReadableStreamDefaultReader<number> | undefined

  constructor(
    make: (work: (n: number) => number | Promise<number>) => ReadableWritablePair<number, number>,
    slow: boolean,
    late: boolean,
  ) {
    const work = (n: number): number | Promise<number> => {
      this.log.push(`work ${n}`)
      if (n % 11 === 10) throw `thrown for ${n}`
      if (!slow || n % 3 === 0) return n
      return new Promise((resolve, reject) => this.jobs.push({ resolve: () => resolve(n), reject }))
    }
    const { readable, writable } = make(work)
    this.#writer = writable.getWriter()
    this.#readable = readable
    this.#track('writer.closed', this.#writer.closed)
    if (!late) this.open()
  }

  open(): ReadableStreamDefaultReader<number> {
    if (!this.#reader) {
      this.#reader = this.#readable.getReader()
      this.#track('reader.closed', this.#reader.closed)
    }
    return this.#reader
  }

  get writes(): [number: string, answer: string][] {
    const all = Object.entries(this.answers).filter(([key]) => key.startsWith('write '))
    return all.map(([key, answer]) => [key.slice(6), answer])
  }

  /** A chunk is on its way through. */
  get writing(): boolean {
    return this.writes.some(([, answer]) => answer === 'pending')
  }

  do(op: Op, at: number): void {
    const reason = `${op} ${at}`
    if (op === 'write') this.#track(reason, this.#writer.write(at))
    else if (op === 'read')
      this.#track(
        reason,
        this.open()
          .read()
          .then(({ value, done }) => `${value} ${done}`),
      )
    else if (op === 'finish') this.jobs.shift()?.resolve()
    else if (op === 'fail') this.jobs.shift()?.reject(reason)
    else if (op === 'close') this.#track(reason, this.#writer.close())
    else if (op === 'abort') this.#track(reason, this.#writer.abort(reason))
    else this.#track(reason, this.open().cancel(reason))
  }

  async state(): Promise<unknown> {
    let ready = 'pending'
    this.#writer.ready.then(
      () => (ready = 'ready'),
      () => (ready = 'failed'),
    )
    await rest()
    let desiredSize: unknown
    try {
      desiredSize = this.#writer.desiredSize
    } catch (error) {
      desiredSize = String(error)
    }
    return { ...this.answers, log: this.log, ready, desiredSize }
  }

  #track(key: string, promise: Promise<unknown>): void {
    this.answers[key] = 'pending'
    promise.then(
      value => (this.answers[key] = `got ${value}`),
      error =>
        (this.answers[key] = error instanceof Error ? `failed with ${error.name}` : `failed with ${error}`),
    )
  }
}

const transformer = (work: (n: number) => number | Promise<number>): Transformer<number, number> => ({
  async transform(n, controller) {
    controller.enqueue(await work(n))
  },
})

/** The same for a function: what it gives after a cancel is nobody's mistake. */
const mapping = (work: (n: number) => number | Promise<number>): Transformer<number, number> => ({
  async transform(n, controller) {
    const result = await work(n)
    try {
      controller.enqueue(result)
    } catch {}
  },
})

const MAKERS: Record<string, ConstructorParameters<typeof Pair>[0]> = {
  'map()': work => map(work),
  'transform()': work => transform(transformer(work)),
  'new Stage()': work => new Stage(transformer(work)),
}

describe('a stage without a strategy, between a writer and a reader', () => {
  for (const [name, make] of Object.entries(MAKERS)) {
    it(`${name} answers as a TransformStream does`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.boolean(), fc.boolean(), ops, async (slow, late, ops) => {
          const ours = new Pair(make, slow, late)
          const native = new Pair(
            work => new TransformStream((name === 'map()' ? mapping : transformer)(work)),
            slow,
            late,
          )
          await rest()
          let closing = false
          let cancelled = false
          for (const [at, op] of ops.entries()) {
            // Node throws an internal assertion for a write while a stream closes.
            if (closing && op === 'write') continue
            closing ||= op === 'close'
            // map() does not look at what its function does after a cancel.
            cancelled ||= op === 'cancel'
            if (op === 'fail' && cancelled && name === 'map()') continue
            // The platform's abort waits for a chunk on its way, ours does not.
            const prompt = op === 'abort' && native.writing && name !== 'new Stage()'
            ours.do(op, at)
            native.do(op, at)
            if (prompt) ours.open()
            await rest()
            if (prompt && ours.answers['reader.closed'] === 'got undefined') return
            if (prompt) {
              expect(ours.answers['reader.closed'], `after ${op} ${at}`).toBe(`failed with abort ${at}`)
              for (const [write, answer] of ours.writes) {
                const worked = ours.log.includes(`work ${write}`)
                expect(answer, `write ${write}`).toBe(worked ? 'got undefined' : `failed with abort ${at}`)
              }
              return
            }
            expect(await ours.state(), `after ${op} ${at}`).toEqual(await native.state())
          }
        }),
        { numRuns: runs(200) },
      )
    })
  }
})
