import type { Chain } from './chains.ts'

export const chain: Chain = (source, maps) =>
  maps.reduce(
    (stream, fn) =>
      stream.pipeThrough(new TransformStream({ transform: (item, control) => control.enqueue(fn(item)) })),
    source,
  )
