/** A number with its thousands set apart: 12,345. */
export function count(n: number): string {
  return Math.round(n).toLocaleString('en-US')
}

/** A size in the unit that suits it: 4.2 MB. */
export function bytes(n: number): string {
  const unit = n < 1e3 ? 0 : Math.min(4, Math.floor(Math.log10(n) / 3))
  const value = n / 1000 ** unit
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${['B', 'KB', 'MB', 'GB', 'TB'][unit]}`
}

/** A name as it may be shown: whatever would move the cursor, or turn the text around, is spelled out. */
export function printable(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, hidden => {
    const code = (hidden.codePointAt(0) as number).toString(16)
    return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, '0')}`
  })
}

/** Why something failed, without the path that Node puts into its messages. */
export function reason(error: unknown): string {
  const { message } = error as Error
  return printable(message.replace(/^\w+: (.+?), \w+ '.*$/s, '$1'))
}
