/** Does nothing: the handler of a rejection that has been reported elsewhere. */
export function noop(): void {}
