/** An element of the page by its id. */
export function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`index.html has no ${type.name} #${id}`)
  return found
}

/** A new element with a class and what is in it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  if (className !== '') made.className = className
  made.append(...inside)
  return made
}

/** Writes a text where it is another one: what has not changed costs the browser nothing, and is not read out again. */
export function write(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text
}

/** Says that a button does nothing now. It keeps the focus, which `disabled` would lose. */
export function allow(button: HTMLButtonElement, allowed: boolean): void {
  const off = String(!allowed)
  if (button.getAttribute('aria-disabled') !== off) button.setAttribute('aria-disabled', off)
}

/** Calls back when a button is pressed that may be. */
export function onPress(button: HTMLButtonElement, act: () => void): void {
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') act()
  })
}
