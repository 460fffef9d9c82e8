import { describe, expect, it } from 'vitest'
import { LACKS } from './runtimes/lacks.ts'
import { PROBES, type Probe } from './runtimes/realm/probes.ts'
import { platform } from './setup/platform.ts'
import { streams } from './setup/streams.ts'

// Asked of the platform itself: on web-streams-polyfill the streams are not its own.
describe.skipIf(streams === 'polyfill')(`this platform (${platform()})`, () => {
  it.each(Object.keys(PROBES) as Probe[])('has %s, or lacks it as the table says', async probe => {
    const said = LACKS.some(lack => lack.probe === probe && lack.platforms.includes(platform()))
    expect(await PROBES[probe](), said ? 'no longer lacks it: mend lacks.ts' : 'lacks it').toBe(!said)
  })
})

it('every probe is of the table', () => {
  const used = LACKS.map(({ probe }) => probe)
  expect(Object.keys(PROBES).filter(name => !used.includes(name as Probe))).toEqual([])
})
