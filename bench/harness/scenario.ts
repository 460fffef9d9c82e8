/** One question with its answers by several subjects. A file in `scenarios/` exports one as its default. */
export interface Scenario {
  /** What somebody who chooses a library wants to know. */
  readonly question: string
  /** Of every figure of the scenario, such as `items/s`. */
  readonly unit: string
  /** Which figures are the good ones. */
  readonly better: 'more' | 'less'
  /** Says what is compared, where that is not plain from the names. */
  readonly note?: string
  /** How long a timed run takes at least, in milliseconds, and what comes before it three times as long; 50 unless given. */
  readonly atLeastMs?: number
  /** Processes per variant; 5 unless the figure is the same every time. */
  readonly rounds?: number
  /**
   * Which process's figure counts: `best` where the question is what the machine allows, and whatever else it does
   * can only take away from that. Default: `median`.
   */
  readonly figure?: 'median' | 'best'
  readonly cases: readonly Case[]
}

export interface Case {
  readonly name: string
  readonly variants: readonly Variant[]
  readonly targets?: readonly Target[]
  /** What `run` has to give; a variant that gives anything else is in error. */
  readonly expected?: (size: number) => number
  /** Units of work, such as items, in a run of size 1. */
  readonly unitsPerSize?: number
  /** A run is never made larger than this, however quick it is. */
  readonly maxSize?: number
  /** Flags of V8 for its processes, on runtimes that have it. */
  readonly v8Flags?: readonly string[]
}

export interface Variant {
  readonly name: string
  /** `reference`: not a choice that somebody has, such as a plain loop; it is shown and ranked with nothing. */
  readonly role: 'ours' | 'native' | 'peer' | 'reference'
  /** Variants that promise different things, such as lossy and lossless ones, are ranked in different groups. */
  readonly group?: string
  /** Imports the library under test, and no other. */
  readonly load: () => Promise<Subject>
}

export type Subject = Timed | Measured

/** The harness calls `run` with growing sizes until a run is long enough to be timed, which also warms it up. */
export interface Timed {
  readonly pollute?: () => Promise<void>
  readonly run: (size: number) => Promise<number> | number
  /** In place of the case's, for a variant that has to give something else. */
  readonly expected?: (size: number) => number
  /** Ends what would keep the process from exiting. */
  readonly close?: () => PromiseLike<unknown>
}

/** Finds the figure itself, once per process. */
interface Measured {
  readonly pollute?: () => Promise<void>
  readonly measure: () => Promise<number> | number
  readonly close?: () => PromiseLike<unknown>
}

/** A figure that has to be reached. Missing it is reported and fails nothing. */
export interface Target {
  /** Name of the variant that has to reach it; `sluice` unless given. */
  readonly of?: string
  /** What it is divided by; without it the figure itself is meant. */
  readonly against?: 'native' | 'best peer'
  /** Where the best peer is looked for; the variant's own group unless given. */
  readonly group?: string
  /** Only peers with this in their name are looked at. */
  readonly among?: string
  readonly atLeast?: number
  readonly atMost?: number
  /** Where it has to be reached, such as `node24`; everywhere unless given. */
  readonly on?: readonly string[]
}
