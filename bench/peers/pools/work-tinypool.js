import { Tinypool } from 'tinypool'

export { hold, pass, passAll, spin, spinAll } from './work.js'

export function bytes(array) {
  array[0]++
  return Tinypool.move(array)
}

export function bytesAll(arrays) {
  for (const array of arrays) array[0]++
  return Tinypool.move({
    [Tinypool.transferableSymbol]: arrays.map(array => array.buffer),
    [Tinypool.valueSymbol]: arrays,
  })
}
