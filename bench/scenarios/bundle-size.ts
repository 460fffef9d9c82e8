import type { Scenario, Variant } from '../harness/scenario.ts'

const imports = (name: string, contents: string, role: Variant['role'] = 'peer'): Variant => ({
  name,
  role,
  load: async () => {
    const { bundledSize } = await import('../peers/bundled-size.ts')
    return { measure: () => bundledSize(contents) }
  },
})

export default {
  question: 'How many bytes does a page load for a pipeline of one map?',
  unit: 'bytes, minified and compressed with brotli',
  better: 'less',
  // What it counts does not vary.
  rounds: 1,
  note: 'Everything of one library does more, or less, than everything of another: these are for scale only.',
  cases: [
    {
      name: 'a source, map and an end',
      variants: [
        imports('sluice', `export { from, map, sink } from 'sluice'`, 'ours'),
        imports('RxJS', `export { from, map, lastValueFrom } from 'rxjs'`),
        imports(
          '@most/core',
          `export { newStream, map, runEffects } from '@most/core'; export { newDefaultScheduler } from '@most/scheduler'`,
        ),
        imports(
          'IxJS',
          `export { from } from 'ix/asynciterable'; export { map } from 'ix/asynciterable/operators'`,
        ),
        imports(
          'Effect',
          `import { Effect, Stream } from 'effect'
          export const run = (items, fn) => Effect.runPromise(Stream.runDrain(Stream.map(Stream.fromIterable(items), fn)))`,
        ),
      ],
      targets: [{ atMost: 5000 }],
    },
    {
      name: 'everything',
      variants: [
        imports('sluice', `export * from 'sluice'`, 'ours'),
        imports('RxJS', `export * from 'rxjs'`, 'reference'),
        imports('@most/core', `export * from '@most/core'; export * from '@most/scheduler'`, 'reference'),
        imports('web-streams-polyfill', `export * from 'web-streams-polyfill'`, 'reference'),
      ],
      targets: [{ atMost: 13_000 }],
    },
  ],
} satisfies Scenario
