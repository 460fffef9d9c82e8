/** What a heap holds: it keeps the place of each node in the node, so that any of them can be taken out. */
export interface HeapNode {
  /** Below 0: in no heap. */
  at: number
}

/** A binary heap: the node that goes before all others in O(1); in and out, also from the middle, in O(log n). */
export class Heap<N extends HeapNode> {
  #nodes: N[] = []
  readonly #before: (a: N, b: N) => boolean

  constructor(before: (a: N, b: N) => boolean) {
    this.#before = before
  }

  get size(): number {
    return this.#nodes.length
  }

  /** The node that goes before all others; undefined when empty. */
  get top(): N | undefined {
    return this.#nodes[0]
  }

  push(node: N): void {
    this.#rise(node, this.#nodes.length)
  }

  /** Takes out the first node. The heap must not be empty. */
  pop(): N {
    const top = this.#nodes[0] as N
    this.remove(top)
    return top
  }

  /** Takes out a node that is in this heap. */
  remove(node: N): void {
    const { at } = node
    const last = this.#nodes.pop() as N
    node.at = -1
    if (last === node) return
    const parent = this.#nodes[(at - 1) >> 1]
    if (parent && this.#before(last, parent)) this.#rise(last, at)
    else this.#sink(last, at)
  }

  clear(): void {
    this.#nodes = []
  }

  /** Puts a node into the free place `at`, or above it. */
  #rise(node: N, from: number): void {
    const nodes = this.#nodes
    let at = from
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = nodes[up] as N
      if (!this.#before(node, parent)) break
      nodes[at] = parent
      parent.at = at
      at = up
    }
    nodes[at] = node
    node.at = at
  }

  /** Puts a node into the free place `at`, or below it. */
  #sink(node: N, from: number): void {
    const nodes = this.#nodes
    const { length } = nodes
    let at = from
    for (let child = 2 * at + 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && this.#before(nodes[child + 1] as N, nodes[child] as N)) child++
      const below = nodes[child] as N
      if (!this.#before(below, node)) break
      nodes[at] = below
      below.at = at
      at = child
    }
    nodes[at] = node
    node.at = at
  }
}
