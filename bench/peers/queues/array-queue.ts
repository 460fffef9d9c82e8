import { add, CAPACITY, type Hop } from './hop.ts'

/**
 * What a careful programmer writes by hand: an array and one waiting promise on each side. It knows neither errors,
 * nor cancelling, nor a second reader.
 */
export const sendToReader: Hop = async count => {
  const items: number[] = []
  let ended = false
  let wakeReader: (() => void) | undefined
  let wakeWriter: (() => void) | undefined

  async function send(x: number): Promise<void> {
    if (items.length === CAPACITY) await new Promise<void>(resolve => (wakeWriter = resolve))
    items.push(x)
    wakeReader?.()
    wakeReader = undefined
  }

  async function read(): Promise<number | undefined> {
    if (items.length === 0 && !ended) await new Promise<void>(resolve => (wakeReader = resolve))
    const x = items.shift()
    wakeWriter?.()
    wakeWriter = undefined
    return x
  }

  async function readEverything(): Promise<number> {
    let sum = 0
    for (let x = await read(); x !== undefined; x = await read()) sum = add(sum, x)
    return sum
  }

  const result = readEverything()
  for (let x = 0; x < count; x++) await send(x)
  ended = true
  wakeReader?.()
  return result
}
