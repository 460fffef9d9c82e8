// The functions that the suite's workers run: plain JavaScript, so that every runtime and every bundler loads it.

let seen = 0
let ticks = 0
let ticking = false
let counters
let marks
let heldBack
const perKey = new Map()

/** `data` may say what is to be counted: starts in counters[0], ends in counters[1], and lines in a file. */
export function setup(data) {
  counters = data?.counters
  marks = data?.marks
  if (data?.failSetup) throw new RangeError('the setup failed')
  if (counters) Atomics.add(counters, 0, 1)
  if (marks) append(marks, 'setup\n')
}

export function teardown() {
  if (counters) Atomics.add(counters, 1, 1)
  if (marks) append(marks, 'teardown\n')
}

function append(file, text) {
  globalThis.process.getBuiltinModule('node:fs').appendFileSync(file, text)
}

/** Works for so many milliseconds without a turn of the event loop. */
function burn(ms) {
  const end = performance.now() + ms
  while (performance.now() < end);
}

function later(ms) {
  return new Promise(resolve => setTimeout(resolve, ms))
}

function die() {
  if (globalThis.process?.exit) globalThis.process.exit(3)
  globalThis.close()
}

export function double(n) {
  return n * 2
}

/** A task of random length: { n, burn, wait, fail }. */
export function vary({ n, burn: busy, wait, fail }) {
  if (busy) burn(busy)
  if (wait === undefined) {
    if (fail) throw new Error(`no ${n}`)
    return n
  }
  return later(wait).then(() => {
    if (fail) throw new Error(`no ${n}`)
    return n
  })
}

/** Which worker, life and turn of its key an item saw: { n, key, wait }. */
export async function turn({ n, key, wait }, { worker }) {
  const at = perKey.get(key) ?? 0
  perKey.set(key, at + 1)
  if (wait !== undefined) await later(wait)
  // Nobody else of the key may have been here in the meantime.
  return { n, key, at, alone: perKey.get(key) === at + 1, worker }
}

/** How many items this worker's module has seen. */
export function countSeen() {
  return ++seen
}

export function fickle(n) {
  if (n % 7 === 3) throw new Error(`no ${n}`)
  return n
}

/** Dies at each item marked so: { n, die } at its first `die` attempts. */
export function mortal({ n, die: times = 0 }, { attempt }) {
  if (attempt <= times) {
    die()
    // A web worker goes on until its next turn.
    for (;;);
  }
  return n
}

/** The same after a turn of the event loop. */
export async function mortalLater({ n, die: times = 0 }, { attempt }) {
  await later(0)
  if (attempt <= times) die()
  if (attempt <= times) await new Promise(() => {})
  return n
}

/** Dies a moment after it has given its result. */
export function dieSoon(n) {
  if (n % 5 === 4) setTimeout(die, 2)
  return n
}

/** Gives its process along, and works a little. */
export function killable(n) {
  burn(0.2)
  return { n, pid: globalThis.process.pid }
}

export function greedy({ n, eat }) {
  if (eat) {
    const hoard = []
    for (;;) hoard.push(new Array(10_000).fill(n))
  }
  return n
}

export function endless({ n, spin }) {
  if (spin) for (;;);
  return n
}

export async function unsettled({ n, never }) {
  if (never) await new Promise(() => {})
  return n
}

/** Stops by itself when it is told to. */
export function obedient({ n, never }, { signal }) {
  if (!never) return n
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

/** Counts starts in counters[2] and signals that arrived in counters[3]; goes on until it is told to stop. */
export function waitForSignal(_n, { signal }) {
  Atomics.add(counters, 2, 1)
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      Atomics.add(counters, 3, 1)
      reject(signal.reason)
    })
  })
}

export async function slowly({ n, wait }) {
  await later(wait)
  return n
}

/** Leaves a timer running in the worker; says how often it has ticked so far. */
export function tick() {
  if (!ticking) setInterval(() => ticks++, 1)
  ticking = true
  burn(0.05)
  return ticks
}

export function busy(ms) {
  burn(ms)
  return ms
}

export function addTo(cell, { data }) {
  Atomics.add(data.counters, cell, 1)
  return cell
}

export function giveData(_, { data }) {
  return data
}

export class QuotaError extends Error {
  name = 'QuotaError'
  code = 'E_QUOTA'
  constructor(message, limit, options) {
    super(message, options)
    this.limit = limit
    this.details = { retry: true }
    this.callback = () => {}
  }
}

export function fail(kind) {
  switch (kind) {
    case 'type':
      throw new TypeError('a type')
    case 'range':
      throw new RangeError('a range')
    case 'quota':
      throw new QuotaError('used up', 12, { cause: new SyntaxError('the reason') })
    case 'aggregate':
      throw new AggregateError([new URIError('one'), new Error('two')], 'both')
    case 'abort':
      throw new DOMException('stop', 'AbortError')
    case 'text':
      throw 'a text'
    case 'nothing':
      throw undefined
    case 'later':
      return later(1).then(() => {
        throw new TypeError('a type')
      })
  }
  return kind
}

export function uncloneable(n) {
  return n % 5 === 2 ? () => n : n
}

export function fill(buffer) {
  new Uint8Array(buffer).fill(7)
  return buffer
}

/** Gives the buffer back by moving it, and counts on it being gone here. */
export function moveBack(buffer, context) {
  heldBack = new Uint8Array(buffer)
  heldBack.fill(9)
  context.transfer([buffer])
  return buffer
}

/** Whether the last buffer that was moved is gone. */
export function isMoved() {
  return heldBack !== undefined && heldBack.byteLength === 0
}

export const notAFunction = 42

export function whoAmI(n, { index, attempt, worker }) {
  return { n, index, attempt, worker }
}

export default function identity(n) {
  return n
}
