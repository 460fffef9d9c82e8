/** One row of the table in examples/guide/work-with-other-streams.md. */
export interface Row {
  readonly counterpart: string
  /** Chunks of 16 KiB that a source of ours has given beyond what a consumer of ours, which has stopped, has taken. */
  readonly bound: number
  /** Where they are. */
  readonly where: string
  /** How many there were, by platform. */
  readonly measured: Readonly<Record<string, number>>
  /** Platforms whose own fault it is that there is no such bound, and what it is. */
  readonly broken?: Readonly<Record<string, string>>
}

const TAKES = 'takes the bytes of its queue for chunks, 16,384 or 65,536 of them'
const COUNTS_CHUNKS = { node20: TAKES, node22: TAKES }

export const rows = {
  response: {
    counterpart: '`new Response(flow).body`',
    bound: 2,
    where: 'the platform’s own stream of the body',
    measured: {},
  },
  request: {
    counterpart: '`new Request(url, { body: flow, duplex: "half" }).body`',
    bound: 2,
    where: 'the platform’s own stream of the body',
    measured: {},
  },
  compression: {
    counterpart: '`CompressionStream`, `DecompressionStream`',
    bound: 64,
    where: 'four queues of the platform’s, and what the compressor holds back',
    measured: {},
    broken: COUNTS_CHUNKS,
  },
  codec: {
    counterpart: '`TextDecoderStream`, `TextEncoderStream`',
    bound: 8,
    where: 'four queues of the platform’s, of a chunk each',
    measured: {},
  },
  port: {
    counterpart: 'a flow sent through a `MessagePort`',
    bound: 4,
    where: 'the two ends of the transfer',
    measured: {},
  },
  fromReadable: {
    counterpart: '`from(nodeReadable)`',
    bound: 10,
    where: 'Node’s queue: `highWaterMark` bytes',
    measured: {},
  },
  readableToWeb: {
    counterpart: '`Readable.toWeb(nodeReadable)`',
    bound: 16,
    where: 'the queues of both',
    measured: {},
  },
  readableToWebBounded: {
    counterpart: '`Readable.toWeb(nodeReadable, { strategy })`, of one chunk',
    bound: 16,
    where: 'the queues of both',
    measured: {},
  },
  writableToWeb: {
    counterpart: '`Writable.toWeb(nodeWritable)`',
    bound: 24,
    where: 'Node’s queues',
    measured: {},
    broken: COUNTS_CHUNKS,
  },
  pipelineFromWeb: {
    counterpart: '`pipeline(Readable.fromWeb(flow), nodeWritable)`',
    bound: 24,
    where: 'Node’s queues',
    measured: {},
  },
  writableFromWeb: {
    counterpart: '`Writable.fromWeb(stage.writable)`',
    bound: 24,
    where: 'Node’s queues',
    measured: {},
  },
  duplexToWeb: {
    counterpart: '`Duplex.toWeb(nodeDuplex)`',
    bound: 24,
    where: 'Node’s queues',
    measured: {},
    broken: COUNTS_CHUNKS,
  },
  duplexFromWeb: {
    counterpart: '`Duplex.fromWeb(stage)`',
    bound: 24,
    where: 'Node’s queues',
    measured: {},
  },
  zlib: {
    counterpart: '`from(pipeline(Readable.fromWeb(flow), createGzip()))`',
    bound: 48,
    where: 'Node’s queues',
    measured: {},
  },
  fileHandle: {
    counterpart: '`fileHandle.readableWebStream()`',
    bound: 4,
    where: 'a chunk that was read ahead',
    measured: {},
  },
  fetchBody: {
    counterpart: '`(await fetch(url)).body`, answered with `new Response(flow)`',
    bound: 704,
    where: 'the sockets: up to 6 MB + 4 MB on Linux',
    measured: {},
  },
  fetchUpload: {
    counterpart: '`fetch(url, { body: flow, duplex: "half" })`',
    bound: 704,
    where: 'the sockets: up to 6 MB + 4 MB on Linux',
    measured: {},
  },
  hono: {
    counterpart: 'Hono, `context.body(flow)`',
    bound: 704,
    where: 'the sockets',
    measured: {},
  },
  sse: {
    counterpart: 'Server-Sent Events with eventsource-parser',
    bound: 704,
    where: 'the sockets',
    measured: {},
  },
  ws: {
    counterpart: 'ws, `createWebSocketStream(socket)`',
    bound: 704,
    where: 'the sockets',
    measured: {},
  },
} satisfies Record<string, Row>

export type RowId = keyof typeof rows
