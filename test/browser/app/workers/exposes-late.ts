import { expose } from 'sluice/worker'

// As modules do that load their WebAssembly first. It has to take longer than the page's first message to come.
const factor = await new Promise<number>(resolve => setTimeout(() => resolve(3), 100))

expose({ triple: (n: number) => factor * n })
