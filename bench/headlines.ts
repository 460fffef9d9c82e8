/** The rows of the chart: one for each kind of work. */
export const headlines: readonly {
  readonly scenario: string
  readonly in: string
  readonly label: string
  /** Where the best peer is looked for. */
  readonly group?: string
}[] = [
  { scenario: 'map-chain', in: '3 maps, integers', label: '3 synchronous maps' },
  { scenario: 'map-chain', in: '8 maps, integers', label: '8 synchronous maps' },
  { scenario: 'mixed-chain', in: 'mixed chain', label: 'map, filter, batch, flatten, scan' },
  {
    scenario: 'async-map',
    in: '16 at once, resolved',
    label: 'async map, 16 at once, resolved',
    group: 'ordered',
  },
  {
    scenario: 'async-map',
    in: '16 at once, setImmediate',
    label: 'async map, setImmediate',
    group: 'ordered',
  },
  { scenario: 'channel', in: 'a promise per item', label: 'bounded queue, awaited' },
  { scenario: 'channel', in: 'trySend, synchronous consumer', label: 'bounded queue, trySend' },
  { scenario: 'native-edges', in: '3 stages, into a sink', label: 'native → 3 stages → native' },
  {
    scenario: 'native-edges',
    in: 'bytes, 64 KB chunks, 3 stages, into a Response',
    label: 'bytes into a Response',
  },
  { scenario: 'short-streams', in: '5 stages, 10 items', label: 'short pipelines, made and run' },
]
