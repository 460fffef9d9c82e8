import { element, write } from './element.ts'

/** Tells a screen reader what has happened: few things, one at a time. */
export function announce(text: string): void {
  write(element('announcer', HTMLParagraphElement), text)
}

/** Gives a text each time a further quarter is done, and undefined otherwise. */
export function quarters(): (part: number) => string | undefined {
  let told = 0
  return part => {
    const quarter = Math.floor(part * 4)
    if (quarter <= told || quarter > 3) return undefined
    told = quarter
    return ['', 'A quarter', 'Half', 'Three quarters'][quarter]
  }
}
