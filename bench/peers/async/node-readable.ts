import { Readable } from 'node:stream'
import { type AsyncMap, foldAll, integers } from './async-map.ts'

export const ordered: AsyncMap = (count, fn, concurrency, fold) =>
  foldAll(Readable.from(integers(count)).map(fn, { concurrency }), fold)
