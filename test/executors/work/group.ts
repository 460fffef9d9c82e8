import { from } from 'sluice'
import { parallel } from 'sluice/parallel'

/** A program that ends its source when it is told to, and prints what comes out: `group.ts <folder> <function>`. */
const [folder = '', name = ''] = process.argv.slice(2)
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

async function* numbers() {
  let told = false
  for (const signal of signals) {
    process.on(signal, () => {
      told = true
      console.log(signal)
    })
  }
  for (let n = 0; !told; n++) yield n
}

for await (const n of from(numbers()).pipeThrough(
  parallel(new URL('./grouped.ts', import.meta.url), {
    name,
    runtime: 'processes',
    threads: 1,
    batch: 1,
    data: { folder },
  }),
)) {
  if (n === 0) console.log('finished')
}
