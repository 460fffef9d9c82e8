/**
 * Imports a package of test/browser/package.json. By a name that the compiler does not see: its types are not there
 * for whoever has not installed it.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export function loadTool(name: string): Promise<any> {
  return import(name)
}
