type Variables = Readonly<Record<string, string | undefined>>
type Place = { readonly process?: { readonly env?: Variables }; readonly sluiceTestEnv?: Variables }

/** A variable of the test run's environment; where there are none, such as in browsers, the runner gives it in a global. */
export function env(name: string): string | undefined {
  const { process, sluiceTestEnv } = globalThis as Place
  return sluiceTestEnv?.[name] ?? process?.env?.[name]
}
