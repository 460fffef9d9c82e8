/**
 * One process, one variant: pollutes itself, warms up, measures, and prints what it found as its last line. Runs in
 * every runtime, so that it uses of Node only what Deno and Bun have too.
 */
import process from 'node:process'
import { measure, type Orders } from './measure.ts'

const orders = JSON.parse(process.argv[2] as string) as Orders

try {
  console.log(JSON.stringify(await measure(orders)))
  // Peers leave timers and schedulers behind; the figure is there, so nobody needs them.
  process.exit(0)
} catch (error) {
  console.error(error)
  process.exit(1)
}
