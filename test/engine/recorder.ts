import type { Downstream, Upstream } from '../../src/engine/protocol.ts'

/** Both neighbours of an operator, which keep what they are told. */
export class Recorder {
  readonly said: unknown[] = []
  readonly cleanup: Promise<void> | undefined
  /** What downstream does with an item. */
  take: (item: unknown) => boolean = () => true

  readonly up: Upstream = {
    resume: () => void this.said.push('resume'),
    idle: () => void this.said.push('idle'),
    cancel: reason => {
      this.said.push(['cancel', reason])
      return this.cleanup
    },
  }
  readonly down: Downstream<unknown> = {
    next: item => {
      this.said.push(item)
      return this.take(item)
    },
    end: () => void this.said.push('end'),
    fail: error => void this.said.push(['fail', error]),
    abort: reason => void this.said.push(['abort', reason]),
  }

  constructor(cleanup?: Promise<void>) {
    this.cleanup = cleanup
  }

  /** What was said since the last call. */
  heard(): unknown[] {
    return this.said.splice(0)
  }
}
