// What a platform may lack, asked of the platform alone: nothing of the library is in here. Each says whether it is there.

function throws(run: () => unknown): boolean {
  try {
    run()
    return false
  } catch {
    return true
  }
}

export const PROBES = {
  'ReadableStream.from': () => 'from' in ReadableStream,

  async 'transformer.cancel'() {
    let called = false
    const transformer = { cancel: () => void (called = true) }
    await new TransformStream(transformer as Transformer).readable.cancel()
    return called
  },

  'stream transfer': () =>
    !throws(() => {
      const stream = new ReadableStream()
      structuredClone(stream, { transfer: [stream as never] })
    }),

  'checked arguments': () => throws(() => new ReadableStream(1 as never)),

  async 'cancel(reason) alone'() {
    let length = 0
    const source = { cancel: (...args: unknown[]) => void (length = args.length) }
    await new ReadableStream(source).cancel('reason')
    return length === 1
  },

  async 'first error of a pipe'() {
    let controller!: WritableStreamDefaultController
    const sink = new WritableStream({
      start: given => void (controller = given),
      write() {
        controller.error('first')
        throw 'second'
      },
    })
    const source = new ReadableStream({ pull: given => given.enqueue(1) })
    return (await source.pipeTo(sink).catch(reason => reason)) === 'first'
  },

  async 'first failure of an abort'() {
    const source = new ReadableStream({ cancel: () => Promise.reject('cancel') })
    const sink = new WritableStream({ abort: () => Promise.reject('abort') })
    const pipe = source.pipeTo(sink, { signal: AbortSignal.abort() })
    return (await pipe.catch(reason => reason)) === 'abort'
  },

  'marks in a text'() {
    const decoder = new TextDecoder()
    const bytes = new TextEncoder().encode('a\ufeff')
    const text = [bytes.subarray(0, 1), bytes.subarray(1)].map(part => decoder.decode(part, { stream: true }))
    return text.join('') === 'a\ufeff'
  },

  'Request.body': () => 'body' in Request.prototype,

  async 'data: modules'() {
    const module = 'data:text/javascript,export const a = "x.y"'
    return ((await import(module)) as { readonly a?: string }).a === 'x.y'
  },
} as const satisfies Record<string, () => boolean | Promise<boolean>>

export type Probe = keyof typeof PROBES
