import { env } from './env.ts'

/** Whose streams the library stands on in this test run. */
export const streams: 'native' | 'polyfill' = env('SLUICE_STREAMS') === 'polyfill' ? 'polyfill' : 'native'
