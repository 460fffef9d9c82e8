/** Exports that are no tasks. */
type Hook = 'setup' | 'teardown'

// biome-ignore lint/suspicious/noExplicitAny: functions of any kind
type Callable = (...args: any[]) => unknown

/** The names of a module's functions. */
export type TaskName<M> = {
  [K in keyof M]: M[K] extends Callable ? Exclude<K, Hook> : never
}[keyof M] &
  string

/** The name of the function that is called where nobody gives one. */
export type DefaultName<M> = 'default' extends TaskName<M> ? 'default' : TaskName<M>

// Of what is `any`, a condition would make `unknown`, which no callback with a type of its own takes.
// biome-ignore lint/suspicious/noExplicitAny: as it came
type UnlessAny<T, U> = 0 extends 1 & T ? any : U

/** What a function takes. */
export type ItemOf<M, N extends keyof M> = UnlessAny<
  M[N],
  M[N] extends (item: infer I, ...rest: never[]) => unknown ? I : never
>

/** What a function gives, awaited. */
export type ResultOf<M, N extends keyof M> = UnlessAny<
  M[N],
  M[N] extends (...args: never[]) => infer O ? Awaited<O> : never
>
