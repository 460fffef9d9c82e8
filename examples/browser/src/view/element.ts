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

/** Sets an attribute where it has another value; see {@link write}. */
export function set(target: Element, name: string, value: string): void {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value)
}

export function hide(target: HTMLElement, hidden: boolean): void {
  if (target.hidden !== hidden) target.hidden = hidden
}

/** Through CSSOM, which is what a strict policy leaves: a style attribute would be refused. */
export function transform(target: HTMLElement, value: string): void {
  if (target.dataset.transform === value) return
  target.dataset.transform = value
  target.style.setProperty('transform', value)
}

/** Says that a button does nothing now. It keeps the focus, which `disabled` would lose. */
export function allow(button: HTMLButtonElement, allowed: boolean): void {
  set(button, 'aria-disabled', String(!allowed))
}

/** Calls back when a button is pressed that may be. */
export function onPress(button: HTMLButtonElement, act: () => void): void {
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') act()
  })
}
