/**
 * The most bytes that a program may be, minified and compressed with brotli. Today's sizes, rounded up: they may only go
 * down.
 */
export const budgets = {
  /**
   * `{ from, map, sink }`, as esbuild bundles it. That `map` takes policies and a range of concurrency as plain options is
   * 2 kB of it, and the loops that hot chains have to themselves 0.8 kB.
   */
  fromMapSink: 14_767,
  /** What another bundler's minifier and own code may add to that: terser writes 2 % more than esbuild. */
  otherBundlers: 1.03,
  /** Everything that an entry has, for a page. */
  entries: { sluice: 39_114, 'sluice/parallel': 25_250, 'sluice/worker': 3_890, 'sluice/csv': 15_038 },
}
