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
const AND_DENO = { ...COUNTS_CHUNKS, deno: TAKES }

export const rows = {
  response: {
    counterpart: '`new Response(flow).body`',
    bound: 2,
    where: 'the platform’s own stream of the body',
    measured: { node20: 0, node22: 0, node24: 0 },
  },
  request: {
    counterpart: '`new Request(url, { body: flow, duplex: "half" }).body`',
    bound: 2,
    where: 'the platform’s own stream of the body',
    measured: { node20: 0, node22: 0, node24: 0 },
  },
  compression: {
    counterpart: '`CompressionStream`, `DecompressionStream`',
    bound: 64,
    where: 'four queues of the platform’s, and what the compressor holds back',
    measured: { node24: 34 },
    broken: COUNTS_CHUNKS,
  },
  codec: {
    counterpart: '`TextDecoderStream`, `TextEncoderStream`',
    bound: 8,
    where: 'four queues of the platform’s, of a chunk each',
    measured: { node20: 2, node22: 2, node24: 2 },
  },
  port: {
    counterpart: 'a flow sent through a `MessagePort`',
    bound: 4,
    where: 'the two ends of the transfer',
    measured: { node20: 1, node22: 1, node24: 1 },
  },
  fromReadable: {
    counterpart: '`from(nodeReadable)`',
    bound: 10,
    where: 'Node’s queue: `highWaterMark` bytes',
    measured: { node20: 1, node22: 4, node24: 4 },
  },
  readableToWeb: {
    counterpart: '`Readable.toWeb(nodeReadable)`',
    bound: 16,
    where: 'the queues of both',
    measured: { node20: 2, node22: 8, node24: 8 },
  },
  readableToWebBounded: {
    counterpart: '`Readable.toWeb(nodeReadable, { strategy })`, of one chunk',
    bound: 16,
    where: 'the queues of both',
    measured: { node20: 2, node22: 5, node24: 5 },
  },
  writableToWeb: {
    counterpart: '`Writable.toWeb(nodeWritable)`',
    bound: 24,
    where: 'Node’s queues',
    measured: { node24: 10 },
    broken: AND_DENO,
  },
  pipelineFromWeb: {
    counterpart: '`pipeline(Readable.fromWeb(flow), nodeWritable)`',
    bound: 24,
    where: 'Node’s queues',
    measured: { node20: 2, node22: 11, node24: 11 },
  },
  writableFromWeb: {
    counterpart: '`Writable.fromWeb(stage.writable)`',
    bound: 24,
    where: 'Node’s queues',
    measured: { node20: 2, node22: 8, node24: 8 },
  },
  duplexToWeb: {
    counterpart: '`Duplex.toWeb(nodeDuplex)`',
    bound: 24,
    where: 'Node’s queues',
    measured: { node24: 14 },
    broken: AND_DENO,
  },
  duplexFromWeb: {
    counterpart: '`Duplex.fromWeb(stage)`',
    bound: 24,
    where: 'Node’s queues',
    measured: { node20: 3, node22: 12, node24: 12 },
  },
  zlib: {
    counterpart: '`from(pipeline(Readable.fromWeb(flow), createGzip()))`',
    bound: 48,
    where: 'Node’s queues',
    measured: { node20: 5, node22: 19, node24: 15 },
  },
  fileHandle: {
    counterpart: '`fileHandle.readableWebStream()`',
    bound: 4,
    where: 'a chunk that was read ahead',
    measured: { node20: 4, node22: 0, node24: 0 },
  },
  denoFile: {
    counterpart: '`(await Deno.open(path)).readable` and `.writable`, of a named pipe',
    bound: 16,
    where: 'the pipe: 64 KB on Linux, and a read of 64 KB',
    measured: { deno: 12 },
  },
  bunFile: {
    counterpart: '`Bun.file(path).stream()` and `.writer()`, of a named pipe',
    bound: 32,
    where: 'the pipe: 64 KB on Linux, and a read of 256 KB',
    measured: { bun: 17 },
  },
  fetchBody: {
    counterpart: '`(await fetch(url)).body`, answered with `new Response(flow)`',
    bound: 2048,
    where: 'the sockets: up to 6 MB + 4 MB on Linux, and what the runtime holds',
    measured: { node20: 240, node22: 231, node24: 331, deno: 252, bun: 525 },
  },
  fetchUpload: {
    counterpart: '`fetch(url, { body: flow, duplex: "half" })`',
    bound: 1024,
    where: 'the sockets: up to 6 MB + 4 MB on Linux, and what the runtime holds',
    measured: { node20: 247, node22: 247, node24: 247, deno: 279, bun: 250 },
  },
  hono: {
    counterpart: 'Hono, `context.body(flow)`',
    bound: 2048,
    where: 'the sockets',
    measured: { node20: 240, node22: 234, node24: 235, deno: 252, bun: 1010 },
  },
  sse: {
    counterpart: 'Server-Sent Events with eventsource-parser',
    bound: 2048,
    where: 'the sockets, and the events of what has arrived at once',
    measured: { node20: 243, node22: 237, node24: 405, deno: 250, bun: 1624 },
  },
  ws: {
    counterpart: 'ws, `createWebSocketStream(socket)`',
    bound: 1024,
    where: 'the sockets',
    measured: { node20: 357, node22: 352, node24: 344 },
  },
} satisfies Record<string, Row>

export type RowId = keyof typeof rows

/** The table of the guide. */
export function tableOf(all: Readonly<Record<string, Row>>): string {
  const lines = Object.values(all).map(({ counterpart, bound, where, measured, broken }) => {
    const figures = Object.entries(measured).map(([platform, ahead]) => `${platform} ${ahead}`)
    const faults = broken ? ` (not on ${Object.keys(broken).join(', ')}: see below)` : ''
    return `| ${counterpart} | ${bound}${faults} | ${figures.join(', ')} | ${where} |`
  })
  return ['| counterpart | bound | measured | where they are |', '| - | - | - | - |', ...lines].join('\n')
}
