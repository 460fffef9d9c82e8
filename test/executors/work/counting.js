let items = 0

/** Each worker begins to count anew. */
export function setup() {
  items = 0
}

/** How many items this worker has had. */
export default function count() {
  return ++items
}
