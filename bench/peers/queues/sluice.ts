import { block, channel, forEach, reduce } from 'sluice'
import { add, CAPACITY, type Hop, readAll } from './hop.ts'

type Queue = ReturnType<typeof channel<number>>
type End = (readable: Queue['readable']) => Promise<number>

const queue = (): Queue => channel<number>(block(CAPACITY))

const reduceAll: End = readable => reduce(readable, add, 0)

const forEachItem: End = async readable => {
  let sum = 0
  await forEach(readable, x => {
    sum = add(sum, x)
  })
  return sum
}

const loop: End = async readable => {
  let sum = 0
  for await (const x of readable) sum = add(sum, x)
  return sum
}

/** A promise per item: each `send` is awaited. */
const sendTo =
  (end: End): Hop =>
  async count => {
    const jobs = queue()
    const sum = end(jobs.readable)
    for (let x = 0; x < count; x++) await jobs.send(x)
    await jobs.close()
    return sum
  }

export const sendToReader = sendTo(readAll)
export const sendToForEach = sendTo(forEachItem)
export const sendToLoop = sendTo(loop)

/** The same through the channel's other side, which is a WritableStream. */
export const writeToReader: Hop = async count => {
  const jobs = queue()
  const sum = readAll(jobs.readable)
  const writer = jobs.writable.getWriter()
  for (let x = 0; x < count; x++) await writer.write(x)
  await writer.close()
  return sum
}

/** Waits only when the queue is full. */
const pushTo =
  (end: End): Hop =>
  async count => {
    const jobs = queue()
    const sum = end(jobs.readable)
    for (let x = 0; x < count; x++) if (!jobs.trySend(x)) await jobs.send(x)
    await jobs.close()
    return sum
  }

export const pushToReduce = pushTo(reduceAll)
export const pushToForEach = pushTo(forEachItem)
