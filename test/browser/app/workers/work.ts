import { expose, type TaskContext } from 'sluice/worker'

// The same file is a worker of the page, bundled, and a thread of Node.

let given: unknown

export function setup(data: unknown): void {
  given = data
}

export function teardown(): void {
  if (given === 'say goodbye') {
    const channel = new BroadcastChannel('sluice-test')
    channel.postMessage('teardown')
    channel.close()
  }
}

export const double = (n: number): number => n * 2

export const same = <T>(item: T): T => item

export async function later({ n, ms }: { n: number; ms: number }): Promise<number> {
  await new Promise(resolve => setTimeout(resolve, ms))
  return n
}

export function workerOf(n: number, context: TaskContext): { n: number; worker: number } {
  return { n, worker: context.worker }
}

class OutOfPaint extends Error {
  readonly code = 'E_PAINT'
  readonly colour: string

  constructor(colour: string) {
    super(`no ${colour} left`, { cause: new RangeError('the bucket holds 0 litres') })
    this.colour = colour
  }
}

export function paint(n: number): number {
  if (n === 17) throw new OutOfPaint('blue')
  return n
}

export async function loopLaterAt77(n: number): Promise<number> {
  await new Promise(resolve => setTimeout(resolve))
  return loopAt77(n)
}

export function loopAt77(n: number): number {
  if (n === 77) for (;;);
  return n
}

export function neverAt77(n: number): number | Promise<number> {
  return n === 77 ? new Promise<number>(() => {}) : n
}

export function soonOrNever(n: number): number | Promise<number> {
  return n === 0 ? new Promise<number>(() => {}) : n
}

export function closeAt77(n: number): number {
  if (n === 77) self.close()
  return n
}

export async function closeAt77Later(n: number): Promise<number> {
  await new Promise(resolve => setTimeout(resolve, 1))
  if (n === 77) self.close()
  await new Promise(resolve => setTimeout(resolve, 1))
  return n
}

export function throwAt77FromTimer(n: number): Promise<number> | number {
  if (n !== 77) return n
  return new Promise(() =>
    setTimeout(() => {
      throw new Error('from a timer')
    }),
  )
}

export function uncloneableAt77(n: number): unknown {
  return n === 77 ? { n, toString: () => 'seventy-seven' } : { n }
}

export function fill(buffer: ArrayBuffer, context: TaskContext): ArrayBuffer {
  new Uint8Array(buffer).fill(buffer.byteLength % 251)
  context.transfer([buffer])
  return buffer
}

export function seen(_item: number, context: TaskContext): { given: unknown; data: unknown } {
  return { given, data: context.data }
}

export function addShared(n: number, context: TaskContext<{ total: Int32Array }>): number {
  return Atomics.add(context.data.total, 0, n)
}

/** Says things of its own to the page, which are none of the library's business. */
export function chatty(n: number): number {
  for (const text of ['hello', null, { type: 'ended' }, { type: 'out', id: 1, values: [] }])
    self.postMessage(text)
  return n
}

export const spin = (ms: number): number => {
  const end = performance.now() + ms
  while (performance.now() < end);
  return ms
}

expose({
  setup,
  teardown,
  double,
  same,
  later,
  workerOf,
  paint,
  loopAt77,
  loopLaterAt77,
  neverAt77,
  soonOrNever,
  closeAt77,
  closeAt77Later,
  throwAt77FromTimer,
  uncloneableAt77,
  fill,
  seen,
  addShared,
  chatty,
  spin,
})
