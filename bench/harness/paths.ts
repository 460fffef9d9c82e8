import { fileURLToPath } from 'node:url'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export const root = at('../..')
export const bench = at('..')
/** Where the built scenarios go: below `bench/`, so that they find the peers in its node_modules. */
export const built = at('../.build')
export const results = at('../results')
