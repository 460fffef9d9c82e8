/** A promise that nobody keeps. */
export const never = (): Promise<never> => new Promise(() => {})
