// The browser's worker file in threads of Node: run by run.ts, beside the compiled `work.js`.
import { range, toArray } from 'sluice'
import { parallel, WorkerCrashError } from 'sluice/parallel'

const module = new URL('./work.js', import.meta.url)
const doubled = await toArray(range(0, 1_000).pipeThrough(parallel(module, { name: 'double', threads: 2 })))
if (doubled.some((n, at) => n !== at * 2) || doubled.length !== 1_000) throw new Error('not the doubles')

const seen = await toArray(range(0, 4).pipeThrough(parallel(module, { name: 'seen', threads: 2, data: 5 })))
if (seen.some(({ given, data }) => given !== 5 || data !== 5)) throw new Error('not the data')

const stage = parallel(module, { name: 'paint', threads: 2 })
const error = await toArray(range(0, 100).pipeThrough(stage)).catch(error => error)
if (error.code !== 'E_PAINT' || error.index !== 17 || error instanceof WorkerCrashError) throw error
console.log(`1,000 items in threads of ${process.version}; ${error.name} at item ${error.index}`)
