import { expose } from 'sluice/worker'

const table = new Map<string, { rows: number[] }>()
// What goes wrong before anything is exposed.
const { rows } = table.get('prices') as { rows: number[] }

expose({ price: (n: number) => rows[n] })
