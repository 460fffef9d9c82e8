/** One row of the table in examples/guide/work-with-other-streams.md. */
export interface Row {
  readonly counterpart: string
  /** Chunks of 16 KiB (or events) that a source has given beyond what a consumer of ours, which has stopped, has taken. */
  readonly bound: number
  readonly unit?: 'events'
  /** Not counted: what the system holds in the sockets between, as far as its own limits let it. */
  readonly besides?: 'sockets'
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
  pipelineOfFlow: {
    counterpart: '`pipeline(flow, nodeWritable)`',
    bound: 24,
    where: 'Node’s queues',
    measured: { node20: 1, node22: 7, node24: 7 },
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
  openAsBlob: {
    counterpart: '`(await openAsBlob(path)).stream()`, `Bun.file(path).stream()`, of a file on the disk',
    bound: 64,
    where: 'a read ahead: of 64 KB in Node, of 512 KB in Bun',
    measured: { node20: 4, node22: 4, node24: 4, bun: 32 },
    broken: { deno: 'Deno reads it when it is opened' },
  },
  opfsFile: {
    counterpart: 'OPFS, `(await handle.getFile()).stream()`',
    bound: 160,
    where: 'the browser’s pipe between processes: 2 MB in Chromium, 64 KB in Firefox',
    measured: { chromium: 128, firefox: 4 },
  },
  opfsWritable: {
    counterpart: 'OPFS, `flow.pipeTo(await handle.createWritable())`',
    bound: 2,
    where: 'the chunk that is being written',
    measured: { chromium: 1, firefox: 1 },
  },
  eventSource: {
    counterpart: '`fromEvents(eventSource, "message", { strategy: dropOldest(4) })`',
    bound: 6,
    unit: 'events',
    where: 'the inbox, and what the chain has taken; the others are dropped, and counted',
    measured: { chromium: 4, firefox: 4 },
  },
  webSocket: {
    counterpart: '`fromEvents(webSocket, "message", { strategy: dropOldest(4) })`',
    bound: 6,
    unit: 'events',
    where: 'the inbox, and what the chain has taken; the others are dropped, and counted',
    measured: { node20: 4, node22: 4, node24: 4, deno: 4, bun: 4 },
  },
  fetchBody: {
    counterpart: '`(await fetch(url)).body`, answered with `new Response(flow)`',
    bound: 128,
    besides: 'sockets',
    where: 'what the runtime holds at both ends: Bun reads 512 KB at once',
    measured: { node20: 9, node22: 14, node24: 14, deno: 11, bun: 65 },
  },
  fetchUpload: {
    counterpart: '`fetch(url, { body: flow, duplex: "half" })`',
    bound: 64,
    besides: 'sockets',
    where: 'what the runtime holds at both ends',
    measured: { node20: 10, node22: 10, node24: 10, deno: 36, bun: 8 },
  },
  hono: {
    counterpart: 'Hono, `context.body(flow)`',
    bound: 128,
    besides: 'sockets',
    where: 'what the runtime holds at both ends',
    measured: { node20: 9, node22: 14, node24: 14, deno: 11, bun: 65 },
  },
  sse: {
    counterpart: 'Server-Sent Events with eventsource-parser',
    bound: 256,
    besides: 'sockets',
    where: 'and the events of what has arrived at once',
    measured: { node20: 16, node22: 25, node24: 27, deno: 13, bun: 149 },
  },
  webSocketStream: {
    counterpart: '`new WebSocketStream(url)`, and ws as its server',
    bound: 64,
    besides: 'sockets',
    where: 'the queues of both ends, and of the server between',
    measured: { chromium: 37 },
  },
  ws: {
    counterpart: 'ws, `createWebSocketStream(socket)`',
    bound: 64,
    besides: 'sockets',
    where: 'the queues of both duplexes',
    measured: { node20: 10, node24: 23, deno: 12 },
  },
} satisfies Record<string, Row>

export type RowId = keyof typeof rows

/** Counterparts that nothing can be ahead of, or of which nobody can see how far; tests hold what comes through them. */
const unmeasured: readonly { readonly counterpart: string; readonly why: string }[] = [
  {
    counterpart: '`new Blob(parts).stream()`, `new File(parts, name).stream()`',
    why: 'the blob has all of its bytes already: nobody can see how many its stream has taken',
  },
  {
    counterpart: '`new Response(flow).blob()`',
    why: 'the blob is the consumer, and takes all',
  },
]

/** The table of the guide. */
export function tableOf(all: Readonly<Record<string, Row>>): string {
  const lines = Object.values(all).map(({ counterpart, bound, unit, besides, where, measured, broken }) => {
    const figures = Object.entries(measured).map(([platform, ahead]) => `${platform} ${ahead}`)
    const faults = broken ? ` (not on ${Object.keys(broken).join(', ')}: see below)` : ''
    const most = `${bound}${unit ? ` ${unit}` : ''}${besides ? ` + ${besides}` : ''}`
    return `| ${counterpart} | ${most}${faults} | ${figures.join(', ')} | ${where} |`
  })
  const others = unmeasured.map(({ counterpart, why }) => `| ${counterpart} | – | – | ${why} |`)
  return [
    '| counterpart | bound | measured | where they are |',
    '| - | - | - | - |',
    ...lines,
    ...others,
  ].join('\n')
}
