/** Gives an error its class's name; not by a static block, for which bundlers give the class another name. */
export function nameError(error: Error, name: string): void {
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
}
