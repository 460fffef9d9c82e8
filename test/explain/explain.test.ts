import {
  batch,
  block,
  compose,
  type Explanation,
  explain,
  Flow,
  flatMap,
  forEach,
  from,
  interval,
  map,
  reduce,
  Stage,
  sink,
  take,
  tap,
  toArray,
} from 'sluice'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { never } from './stuck.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const kinds = ({ stages }: Explanation): string[] => stages.map(({ kind, name }) => `${kind} ${name}`)
const waits = ({ stages }: Explanation): unknown[] => stages.map(({ waitsOn }) => waitsOn)

describe('explain()', () => {
  it('shows each part with its queue, its items in flight and what it waits for', async () => {
    const flow = from(Array.from({ length: 20 }, (_, n) => n))
      .pipeThrough(map((n: number) => n, { name: 'parse', strategy: block(4) }))
      .pipeThrough(map(never, { name: 'fetch', concurrency: 3 }))
      .pipeThrough(batch(10))
    const end = sink(() => {})
    void flow.pipeTo(end)
    await vi.advanceTimersByTimeAsync(10)
    const found = explain(flow)
    expect(kinds(found)).toEqual(['source source', 'stage parse', 'stage fetch', 'stage batch', 'sink sink'])
    expect(waits(found)).toEqual(['downstream', 'downstream', 'function', 'upstream', 'upstream'])
    const [, parse, fetch] = found.stages
    expect(parse).toMatchObject({ queued: 4, capacity: 4, inFlight: 0, received: 7, emitted: 3 })
    expect(fetch).toMatchObject({
      queued: 0,
      capacity: 0,
      inFlight: 3,
      concurrency: 3,
      received: 3,
      emitted: 0,
    })
    expect(fetch?.detail).toBe('item 0 and 2 more')
    expect(String(found)).toBe(
      [
        '  source                                waits for room downstream',
        '  parse   stage  4/4 queued, 0 in flight  waits for room downstream',
        '> fetch   stage  3/3 in flight            waits for its function (item 0 and 2 more) for 10 ms',
        '  batch   stage  0 in flight              waits for items',
        '  sink           0 in flight              waits for items',
        '',
        'fetch is at fault: its function has been at work on item 0 and 2 more for 10 ms.',
        'To do: see what it awaits (a full channel, for instance); if it is only slow, raise its concurrency above 3.',
      ]
        .join('\n')
        .replace('source                      ', 'source                        '),
    )
  })

  it('says at least for how long something has waited where only its own looks tell', async () => {
    const flow = from([1]).pipeThrough(tap(() => {}))
    expect(explain(flow).culprit).toMatchObject({ name: 'nobody', forMs: 0, bound: 'at least' })
    await vi.advanceTimersByTimeAsync(3_000)
    expect(explain(flow).culprit).toMatchObject({ name: 'nobody', forMs: 3_000, bound: 'at least' })
    expect(explain(flow).why).toMatch(/nobody reads the flow behind tap for at least 3\.0 s\.$/)
  })

  it('says at most for how long where the clock was not looked at', async () => {
    const flow = from([1, 2, 3, 4]).pipeThrough(map(async (n: number) => (n === 4 ? never() : n)))
    void toArray(flow)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(explain(flow).culprit).toMatchObject({ detail: 'item 3', forMs: 1_000, bound: 'at most' })
  })

  it('names a function of several at once by its oldest item, however many have come back since', async () => {
    const work = (n: number) => (n === 1 ? never() : Promise.resolve(n))
    const flow = from([0, 1, 2, 3, 4, 5]).pipeThrough(map(work, { concurrency: 2, ordered: false }))
    const done = toArray(flow)
    void done
    await vi.advanceTimersByTimeAsync(100)
    expect(explain(flow).culprit).toMatchObject({ inFlight: 1, detail: 'item 1' })
  })

  it('advises more concurrency only where all of it is used', async () => {
    const flow = from([1, 2]).pipeThrough(map(never, { concurrency: 3 }))
    void toArray(flow)
    await vi.advanceTimersByTimeAsync(100)
    expect(explain(flow).advice).toBe('see what it awaits (a full channel, for instance)')
  })

  it('says when a timer is over', async () => {
    const flow = interval(1_000)
    void toArray(flow)
    await vi.advanceTimersByTimeAsync(400)
    expect(explain(flow).culprit).toMatchObject({ kind: 'source', waitsOn: 'timer', untilMs: 600 })
  })

  it('says how full a batch is, and when it is due', async () => {
    const flow = from([1, 2, never()]).pipeThrough(batch({ size: 5, maxWait: 1_000 }))
    void toArray(flow)
    await vi.advanceTimersByTimeAsync(250)
    expect(explain(flow).culprit).toMatchObject({ name: 'batch', waitsOn: 'timer', untilMs: 750 })
    expect(explain(flow).why).toBe(
      'batch is at fault: it waits for a batch, 2 of 5 items, for another 750 ms.',
    )
  })

  it('does not blame a batch for what is stuck before it', async () => {
    const flow = from([1, 2, 3])
      .pipeThrough(map((n: number) => (n === 3 ? never() : n), { name: 'work' }))
      .pipeThrough(batch(5))
    void toArray(flow)
    await vi.advanceTimersByTimeAsync(1)
    expect(explain(flow).culprit).toMatchObject({ name: 'work', detail: 'item 2' })
  })

  it('names what an item of flatMap expands to', async () => {
    const flow = from([[1], [2]]).pipeThrough(
      flatMap(([n]) => (n === 2 ? new ReadableStream<number>() : [n as number])),
    )
    void toArray(flow)
    await vi.advanceTimersByTimeAsync(500)
    expect(explain(flow).culprit).toMatchObject({
      name: 'flatMap',
      waitsOn: 'source',
      detail: 'what item 1 expands to',
    })
  })

  it('names the body of a for await loop', async () => {
    const flow = from([1, 2]).pipeThrough(tap(() => {}))
    void (async () => {
      for await (const _ of flow) await never()
    })()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(explain(flow).culprit).toMatchObject({
      name: 'for await',
      kind: 'reader',
      waitsOn: 'reader',
      forMs: 2_000,
    })
  })

  it.each([
    ['forEach', (flow: ReadableStream<number>) => forEach(flow, never)],
    ['reduce', (flow: ReadableStream<number>) => reduce(flow, never, 0)],
  ])('names the function of %s, also behind tee()', async (name, collect) => {
    for (const branches of [false, true]) {
      const flow = from([1, 2])
      const [left, right] = branches ? flow.tee() : [flow, undefined]
      void collect(left)
      if (right) void toArray(right)
      await vi.advanceTimersByTimeAsync(100)
      expect(explain(left).stages).toContainEqual(expect.objectContaining({ name, waitsOn: 'function' }))
    }
  })

  it('shows streams of the platform as such, and names one that takes nothing', async () => {
    const source = new ReadableStream<number>({ pull: controller => controller.enqueue(1) })
    const flow = from(source)
      .pipeThrough(map(n => n))
      .pipeThrough(new TransformStream<number, number>())
    void flow.pipeTo(new WritableStream({ write: never }))
    await vi.advanceTimersByTimeAsync(100)
    for (const part of [flow]) {
      const found = explain(part)
      expect(kinds(found)).toEqual([
        'readable ReadableStream',
        'stage map',
        'pair TransformStream',
        'writable WritableStream',
      ])
    }
  })

  it('names a writable of the platform whose write is pending, and one whose close is', async () => {
    const writing = from([1, 2, 3])
    void writing.pipeTo(new WritableStream({ write: never }))
    const closing = from([1])
    void closing.pipeTo(new WritableStream({ close: never }))
    await vi.advanceTimersByTimeAsync(100)
    expect(explain(writing).culprit).toMatchObject({ kind: 'writable', waitsOn: 'function', forMs: 100 })
    expect(explain(closing).culprit).toMatchObject({
      kind: 'writable',
      detail: 'its last write, or its close',
    })
    expect(explain(closing).ended).toBe(false)
  })

  it('sees through a composed stage, a signal, and a stage of the platform’s making', async () => {
    const stage = compose(
      map((n: number) => n, { name: 'one' }),
      new Stage<number, number>(),
      map(never, { name: 'two' }),
    )
    const flow = from([1], { signal: new AbortController().signal })
    void toArray(flow.pipeThrough(stage, { signal: new AbortController().signal }))
    await vi.advanceTimersByTimeAsync(1)
    for (const part of [flow, stage]) {
      expect(kinds(explain(part))).toEqual([
        'source source',
        'stage one',
        'pair Stage',
        'stage two',
        'sink toArray',
      ])
      expect(explain(part).culprit).toMatchObject({ name: 'two' })
    }
  })

  it('follows a flow that was taken over by another', async () => {
    const inner = from([1]).pipeThrough(map(never, { name: 'inner' }))
    const outer = from(inner).pipeThrough(tap(() => {}))
    void toArray(outer)
    await vi.advanceTimersByTimeAsync(1)
    for (const part of [inner, outer]) {
      expect(kinds(explain(part))).toEqual(['source source', 'stage inner', 'stage tap', 'sink toArray'])
    }
  })

  it('shows the branches of a tee of a tee', async () => {
    const flow = from([1]).pipeThrough(tap(() => {}))
    const [left, right] = flow.tee()
    const [first, second] = right.tee()
    for (const part of [flow, left, first, second]) {
      expect(explain(part).stages.map(({ branch, kind }) => `${branch} ${kind}`)).toEqual([
        ' source',
        ' stage',
        ' tee',
        '1 reader',
        '2 tee',
        '2.1 reader',
        '2.2 reader',
      ])
    }
  })

  it('names who holds up a branch of tee() that from() has made a flow of, from wherever one looks', async () => {
    const flow = from([1, 2]).pipeThrough(tap(() => {}))
    const [left, right] = flow.tee()
    const { signal } = new AbortController()
    const wrapped = from(left, { signal })
    void forEach(wrapped.pipeThrough(map((n: number) => n, { name: 'left' })), () => never())
    void forEach(right, () => never())
    await vi.advanceTimersByTimeAsync(1)
    for (const part of [flow, left, wrapped, right]) {
      const { culprit, stages } = explain(part)
      expect(culprit).toMatchObject({ kind: 'sink', branch: '1', waitsOn: 'function' })
      expect(stages.map(({ name }) => name)).toContain('left')
    }
  })

  it('does not take a flow for the reader of a stream that it has let go of', async () => {
    const flow = from([1, 2]).pipeThrough(tap(() => {}))
    const [left, right] = flow.tee()
    await toArray(from(left).pipeThrough(take(1)))
    expect(left.locked).toBe(false)
    const reader = left.getReader()
    expect(explain(right).stages.filter(({ branch }) => branch === '1')).toMatchObject([{ kind: 'reader' }])
    reader.releaseLock()
  })

  it('says so where nothing is stuck, also from within a function of the chain', async () => {
    const found: Explanation[] = []
    const flow = from([1]).pipeThrough(tap(() => void found.push(explain(flow))))
    const done = toArray(flow)
    await vi.advanceTimersByTimeAsync(1)
    await done
    expect(found[0]).toMatchObject({ culprit: undefined, why: 'Nothing is stuck: the chain is running.' })
    expect(explain(flow)).toMatchObject({
      culprit: undefined,
      ended: true,
      why: 'The chain has come to its end.',
    })
  })

  it('names a stage whose function a chain waits for before anything has come out of its source', async () => {
    const flow = from(never()).pipeThrough(tap(() => {}))
    void toArray(flow)
    await vi.advanceTimersByTimeAsync(1)
    expect(explain(flow).culprit).toMatchObject({ kind: 'source', waitsOn: 'source' })
  })

  it('names a writer of a sink that writes nothing', () => {
    const end = sink(() => {})
    expect(explain(end).culprit).toMatchObject({ kind: 'writer', name: 'nobody' })
    end.getWriter()
    expect(explain(end).culprit).toMatchObject({ kind: 'writer', name: 'writer' })
  })

  it('forgets a pipe that has let go of its flow, and one that was refused', async () => {
    const flow = from([1, never()])
    const abort = new AbortController()
    const piped = flow.pipeTo(new WritableStream(), { preventCancel: true, signal: abort.signal })
    await vi.advanceTimersByTimeAsync(1)
    abort.abort()
    await expect(piped).rejects.toThrow()
    expect(kinds(explain(flow)).at(-1)).toBe('reader nobody')
    const locked = new WritableStream()
    locked.getWriter()
    await expect(flow.pipeTo(locked)).rejects.toThrow()
    flow.getReader()
    expect(kinds(explain(flow)).at(-1)).toBe('reader reader')
  })

  it.each([
    5,
    null,
    {},
    { readable: 1 },
    { readable: new ReadableStream() },
    { writable: new WritableStream(), readable: 1 },
  ])('is not misled by %o, which no flow can be piped through', wrong => {
    const flow = from([1])
    expect(() => flow.pipeThrough(wrong as never)).toThrow(TypeError)
    expect(kinds(explain(flow))).toEqual(['source source', 'reader nobody'])
  })

  it('finds its way out of flows that were piped in a circle', async () => {
    const flow = from([1, 2, 3])
    const circle = flow.pipeThrough({ writable: new WritableStream({ write: never }), readable: flow })
    await vi.advanceTimersByTimeAsync(1)
    expect(kinds(explain(circle))).toEqual(
      ['source source', 'pair Object', 'reader reader'].map(k => k.replace('Object', 'TransformStream')),
    )
  })

  it('does not start a chain, open a flow or make a writable', () => {
    const pulled = vi.fn()
    const stage = map((n: number) => n)
    const flow = from(
      (function* () {
        pulled()
        yield 1
      })(),
    )
    const end = flow.pipeThrough(stage)
    for (const part of [flow, stage, end]) explain(part)
    expect(pulled).not.toHaveBeenCalled()
    expect([flow.locked, end.locked]).toEqual([true, false])
    expect(() => end.pipeThrough(tap(() => {}))).not.toThrow()
  })

  it('takes a flow of the platform’s making, and any readable of it', () => {
    expect(kinds(explain(new Flow()))).toEqual(['readable Flow', 'reader nobody'])
    expect(kinds(explain(new ReadableStream()))).toEqual(['readable ReadableStream', 'reader nobody'])
  })

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [{}, '[object Object]'],
    [
      new WritableStream(),
      '[object WritableStream]; of a writable of the platform, give the flow that is piped into it',
    ],
  ])('refuses %o', (wrong, received) => {
    expect(() => explain(wrong as never)).toThrow(
      new TypeError(`explain: the argument must be a flow, a stage or a sink, received ${received}`),
    )
  })
})
