import { from } from 'sluice'
import { rest } from './overflow-driver.ts'

/** A source that hands control back now and then needs a few turns. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await rest()
}

/** A function whose calls end when the test says so, with the number of those at work. */
export class Workers {
  running = 0
  most = 0
  started = 0
  readonly #jobs: (() => void)[] = []

  run<T>(result: T): Promise<T> {
    this.started++
    this.most = Math.max(this.most, ++this.running)
    return new Promise(resolve =>
      this.#jobs.push(() => {
        this.running--
        resolve(result)
      }),
    )
  }

  finish(nth: number): void {
    this.#jobs.splice(nth % (this.#jobs.length || 1), 1)[0]?.()
  }

  finishAll(): void {
    while (this.#jobs.length > 0) this.finish(0)
  }
}

/** 0, 1, 2, … and how many of them were pulled. */
export function endless(): { pulled: number; stream: ReadableStream<number> } {
  const source = { pulled: 0, stream: undefined as unknown as ReadableStream<number> }
  const items = function* (): Generator<number> {
    while (source.pulled < 1_000) yield source.pulled++
    throw new Error('pulled without bound')
  }
  source.stream = from(items())
  return source
}
