import type { FileReport, RealmMessage } from './file-report.ts'

/** What the page is given to do. */
export interface PageTask {
  /** A realm of which kind each file gets. */
  readonly realm: 'window' | 'worker'
  /** What the tests find in `env()`. */
  readonly environment: Readonly<Record<string, string>>
  readonly files: readonly { readonly file: string; readonly module: string }[]
  /** How long a file may take, in milliseconds. */
  readonly limit: number
}

/** What the page tells its server. */
export type PageMessage =
  | { readonly type: 'starts'; readonly file: string }
  | { readonly type: 'report'; readonly report: FileReport }
  | { readonly type: 'end' }

// The page of a browser: it gives each test file a realm that nobody has used before.
const task = (await (await fetch('/task')).json()) as PageTask
const GUEST = '/test/runtimes/realm/guest.mjs'
const tell = (message: PageMessage): Promise<unknown> =>
  fetch('/message', { method: 'POST', body: JSON.stringify(message) })

for (const { file, module } of task.files) {
  await tell({ type: 'starts', file })
  await tell({ type: 'report', report: await run(file, module) })
}
await tell({ type: 'end' })

function run(file: string, module: string): Promise<FileReport> {
  const environment = JSON.stringify(task.environment)
  const query = new URLSearchParams({ environment, file, module: `/${module}` })
  return new Promise(resolve => {
    let test = 'it was loaded'
    const failed = (text: string): void => end({ file, tests: [], errors: [text] })
    const timer = setTimeout(
      () => failed(`nothing after ${task.limit / 1000} s: it was at “${test}”`),
      task.limit,
    )
    const hear = ({ data }: { data: RealmMessage }): void => {
      if (data.type === 'report') end(data.report)
      else if (data.type === 'begins') test = data.name
    }
    const guest =
      task.realm === 'worker'
        ? inWorker(`${GUEST}?${query}`, hear, failed)
        : inWindow(`/guest.html?${query}`, hear)
    const end = (report: FileReport): void => {
      clearTimeout(timer)
      guest.end()
      resolve(report)
    }
  })
}

type Hear = (event: { data: RealmMessage }) => void

function inWorker(address: string, hear: Hear, failed: (text: string) => void): { end(): void } {
  const worker = new Worker(address, { type: 'module' })
  worker.onmessage = hear
  worker.onerror = ({ message }) => failed(`the worker failed: ${message}`)
  return { end: () => worker.terminate() }
}

function inWindow(address: string, hear: Hear): { end(): void } {
  const frame = document.createElement('iframe')
  // Of this frame only: one that is gone may have something to say still.
  const listen = (event: MessageEvent): void => {
    if (event.source === frame.contentWindow) hear(event)
  }
  addEventListener('message', listen)
  frame.src = address
  document.body.append(frame)
  return {
    end() {
      removeEventListener('message', listen)
      frame.remove()
    },
  }
}
