import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Heap } from '../../src/engine/heap.ts'
import { runs } from '../setup/runs.ts'

type Op = { readonly op: 'push' | 'pop' | 'remove' | 'clear'; readonly n: number }
interface Node {
  readonly n: number
  at: number
}

const often = (weight: number, op: Op['op']) => ({
  weight,
  arbitrary: fc.nat(12).map((n): Op => ({ op, n })),
})
const ops = fc.array(fc.oneof(often(30, 'push'), often(12, 'pop'), often(12, 'remove'), often(1, 'clear')), {
  maxLength: 200,
  size: 'max',
})

/** Does the same to a heap and to an array that is sorted at each step. */
function runBoth(ops: readonly Op[]): void {
  const heap = new Heap<Node>((a, b) => a.n < b.n)
  let nodes: Node[] = []
  const out = (node: Node): void => {
    nodes = nodes.filter(other => other !== node)
    expect(node.at).toBe(-1)
  }
  for (const { op, n } of ops) {
    if (op === 'push') {
      const node = { n, at: -1 }
      heap.push(node)
      nodes.push(node)
    } else if (op === 'clear') {
      heap.clear()
      nodes = []
    } else if (op === 'remove' && nodes.length > 0) {
      const node = nodes[n % nodes.length] as Node
      heap.remove(node)
      out(node)
    } else if (nodes.length > 0) {
      const lowest = Math.min(...nodes.map(node => node.n))
      const node = heap.pop()
      expect(node.n).toBe(lowest)
      out(node)
    }
    expect(heap.size).toBe(nodes.length)
    expect(heap.top?.n).toBe(nodes.length > 0 ? Math.min(...nodes.map(node => node.n)) : undefined)
    expect(nodes.map(node => node.at).toSorted((a, b) => a - b)).toEqual(nodes.map((_, at) => at))
  }
}

it('Heap is a sorted array, whatever is put in, taken from the top and taken from the middle', () => {
  fc.assert(fc.property(ops, runBoth), { numRuns: runs(200) })
})
