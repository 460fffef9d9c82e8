/** What the pools run: plain functions of one item, and of an array of items for those that batch by hand. */

export const pass = item => item

/** So many rounds of a generator of random numbers: work that takes as long anywhere, and cannot be left out. */
export function spin(rounds) {
  let x = rounds
  for (let round = 0; round < rounds; round++) x = (Math.imul(x, 1664525) + 1013904223) | 0
  return x
}

/** Keeps its thread busy for so many milliseconds. */
export function hold(ms) {
  const end = performance.now() + ms
  while (performance.now() < end);
  return ms
}

/** What the worker holds, asked for now and then: 0, or its number and the bytes of its heap. */
export function weigh(n, { worker }) {
  if (n % 500 !== 0) return 0
  return { worker, heap: process.memoryUsage().heapUsed }
}

/** Takes bytes, changes one, and gives them back without a copy. */
export function bytes(array, context) {
  array[0]++
  context.transfer([array.buffer])
  return array
}

export const passAll = items => items.map(pass)
export const spinAll = items => items.map(spin)
