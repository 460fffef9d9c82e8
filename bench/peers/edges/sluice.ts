import { from, map } from 'sluice'
import type { Chain } from './chains.ts'

/** sluice reads the source. */
export const fromSource: Chain = (source, maps) =>
  maps.reduce((stream, fn) => stream.pipeThrough(map(fn) as never), from(source) as ReadableStream) as never

/** The platform pipes the source into the first stage. */
export const piped: Chain = (source, maps) =>
  maps.reduce((stream, fn) => stream.pipeThrough(map(fn) as never), source as ReadableStream) as never
