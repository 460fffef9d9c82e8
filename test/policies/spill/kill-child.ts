import { openSync, writeSync } from 'node:fs'
import { ClassicLevel } from 'classic-level'
import { map, sink, spill } from '../../../src/index.ts'

// A process that is going to be killed: it sends items as fast as they are acknowledged, works on what comes out, a bit
// more slowly, and writes down both in the moment in which they happen.

const [folder = '', log = '', from = '0', until = 'Infinity', memory = '100'] = process.argv.slice(2)
const file = openSync(log, 'a')
const note = (kind: 's' | 'a' | 'o', id: number) => writeSync(file, `${kind} ${id}\n`)

const store = new ClassicLevel(folder)
let working = 0
const stage = map(
  async (item: { id: number; text: string }) => {
    // A pause for every few items lets the queue grow beyond the memory.
    if (++working % 20 === 0) await new Promise(resolve => setTimeout(resolve, 1))
    note('o', item.id)
    return item
  },
  { strategy: spill(store, { memory: Number(memory) }) },
)
const done = stage.readable.pipeTo(sink(() => {}))
const writer = stage.writable.getWriter()
const text = 'x'.repeat(80)

let id = Number(from)
async function send(): Promise<void> {
  while (id < Number(until)) {
    const mine = id++
    note('s', mine)
    await writer.write({ id: mine, text })
    note('a', mine)
  }
}
await Promise.all(Array.from({ length: 32 }, send))
await writer.close()
await done
await store.close()
