/** Whose streams the library stands on in this test run. */
export const streams: 'native' | 'polyfill' =
  process.env.SLUICE_STREAMS === 'polyfill' ? 'polyfill' : 'native'
