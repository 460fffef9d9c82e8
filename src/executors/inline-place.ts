import { Host } from './host.ts'
import type { Link, LinkEvents, WorkerPlace } from './link.ts'
import type { Attach, ToWorker } from './messages.ts'
import type { TaskModule } from './task-module.ts'
import type { WireError } from './wire-error.ts'

/** How the inline runtime gets hold of a module. */
export type LoadModule = (address: string, where: string) => Promise<TaskModule>

/**
 * No worker at all: the functions run here, for debugging, with the items themselves instead of copies and the very
 * errors that they throw. A function that does not return cannot be ended.
 */
export function inlinePlace(load: LoadModule): WorkerPlace {
  let giveUp: ((reason: Error) => void) | undefined
  return {
    start: (attach, events) =>
      Promise.race([
        start(attach, events),
        new Promise<never>((_, reject) => {
          giveUp = reject
        }),
      ]),
    // A module or a `setup` that does not come to its end is left alone.
    close: async () => giveUp?.(new Error('the worker was ended')),
  }

  async function start(attach: Attach, events: LinkEvents): Promise<Link> {
    const { module: address = '', ...rest } = attach
    let over = false
    const host: Host = new Host(await load(address, attach.where), rest, {
      post(message) {
        queueMicrotask(() => {
          if (!over) events.message(message)
        })
      },
      hop: task => void setTimeout(task),
      progress: undefined,
      encode: (value): WireError => ({ kind: 'value', value }),
    })
    await host.start(address)
    return {
      post(message: ToWorker) {
        queueMicrotask(() => {
          if (!over) host.receive(message)
        })
      },
      notes: () => ({ current: undefined, pending: [] }),
      hold() {},
      kill() {
        if (!over) {
          over = true
          queueMicrotask(() => events.exit({ reason: new Error('the worker was ended'), killed: true }))
        }
        return Promise.resolve()
      },
    }
  }
}
