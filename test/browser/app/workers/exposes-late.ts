import { expose } from 'sluice/worker'

// As modules do that load their WebAssembly first.
const factor = await new Promise<number>(resolve => setTimeout(() => resolve(3), 100))

expose({ triple: (n: number) => factor * n })
