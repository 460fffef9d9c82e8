const numbers = new Intl.NumberFormat('en')

export const number = (n: number): string => numbers.format(n)

export const files = (n: number): string => `${number(n)} ${n === 1 ? 'file' : 'files'}`

export function bytes(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const at = n < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(n) / 3))
  const value = n / 1000 ** at
  return `${value >= 100 || at === 0 ? Math.round(value) : value.toFixed(1)} ${units[at]}`
}

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`
}
