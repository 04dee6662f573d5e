/**
 * How well two groupings of the same points agree: 1 for the same groups under any names, about 0 for chance.
 *
 * Source: Hubert and Arabie, "Comparing partitions", Journal of Classification 2 (1985).
 *
 * @param a - group of each point; whole numbers, −1 is a group too
 */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [both, ofA, ofB] = [new Map<string, number>(), new Map<number, number>(), new Map<number, number>()]
  const count = <K>(map: Map<K, number>, name: K): void => void map.set(name, (map.get(name) ?? 0) + 1)
  for (let i = 0; i < a.length; i++) {
    const [x = 0, y = 0] = [a[i], b[i]]
    count(both, `${x} ${y}`)
    count(ofA, x)
    count(ofB, y)
  }
  const pairs = (map: ReadonlyMap<unknown, number>): number =>
    Array.from(map.values()).reduce((sum, n) => sum + (n * (n - 1)) / 2, 0)
  const all = (a.length * (a.length - 1)) / 2
  const [together, inA, inB] = [pairs(both), pairs(ofA), pairs(ofB)]
  const expected = (inA * inB) / all
  const most = (inA + inB) / 2
  return most === expected ? 1 : (together - expected) / (most - expected)
}
