/**
 * Fetches 2,000 pages of a service that is slow, breaks now and then, and says 429: so many at once and a second, each tried
 * again where that may help, and what cannot be had in a file of its own. Ctrl-C loses nothing: what is under way is finished,
 * and the next run goes on from there. Run it with `npx tsx examples/06-fetch-many.ts [folder]`.
 */
import { createWriteStream } from 'node:fs'
import { appendFile, mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type DeadLetter, filter, range, rateLimiter, sink, toNdjson } from 'sluice'
import { onCtrlC } from './duplicate-files/on-ctrl-c.ts'
import { isMissing, type Page, pageOf, startFlakyService } from './fetch-many/flaky-service.ts'
import { getPage } from './fetch-many/get-page.ts'
import { records } from './fetch-many/records.ts'

const PAGES = 2000
const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'fetch-many-')))
await mkdir(folder, { recursive: true })
const [pages, dead] = [join(folder, 'pages.ndjson'), join(folder, 'dead.ndjson')]
const finished = async (): Promise<number[]> => [
  ...(await records<Page>(pages)).map(({ id }) => id),
  ...(await records<{ item: number }>(dead)).map(({ item }) => item),
]

const service = await startFlakyService()
const until = onCtrlC()
const before = new Set(await finished())

const deadLetter = sink(({ item, attempts, error }: DeadLetter<number>) =>
  appendFile(dead, `${JSON.stringify({ item, attempts, error: String(error) })}\n`),
)
const get = getPage(service.url, rateLimiter({ limit: 1000, interval: 1000, burst: 32 }), deadLetter)
const progress = setInterval(() => {
  const { done, failed, inFlight } = get.stats()
  console.error(`${before.size + done + failed} of ${PAGES}, ${failed} failed, ${inFlight} under way`)
}, 250)

const flow = range(0, PAGES, { until })
  .pipeThrough(filter(id => !before.has(id)))
  .pipeThrough(get)
  .pipeThrough(toNdjson())
await pipeline(flow, createWriteStream(pages, { flags: 'a' }))
clearInterval(progress)
service.close()

// The files have each page once, as the service has it, and only those are missing that it does not have.
const ids = await finished()
const got = await records<Page>(pages)
console.log(`${got.length} pages and ${ids.length - got.length} letters in ${folder}`)
const right =
  new Set(ids).size === ids.length &&
  got.every(({ id, square }) => square === pageOf(id).square) &&
  ids.filter(isMissing).length === ids.length - got.length &&
  (until.aborted || ids.length === PAGES)
if (!right) throw new Error('a page is missing, there twice, or not as the service has it')
