import { setImmediate as nextTurn } from 'node:timers/promises'

/** Items that are dealt with before others get their turn. */
const TURN = 64

/**
 * Does something with each item, synchronously, and lets others have the thread in between. For reading thousands of small files: on a
 * disk at hand each takes 20 µs so, and six times as long by promises.
 */
export async function inTurns<T, U>(items: readonly T[], use: (item: T) => U): Promise<U[]> {
  const results: U[] = []
  for (const [i, item] of items.entries()) {
    if (i > 0 && i % TURN === 0) await nextTurn()
    results.push(use(item))
  }
  return results
}
