// Somebody forgot expose().
export const resize = (n: number): number => n / 2
console.log(resize(2) === 1 ? 'a worker without expose()' : '')
