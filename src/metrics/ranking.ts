import { requireClass } from './predictions.ts'
import type { Counts } from './resampled.ts'

/** Examples from the highest score to the lowest; those of equal scores stand side by side. */
export interface Ranking {
  /** [n], never rising. */
  readonly scores: Float32Array
  /** Which example each place holds, [n]; in a micro average an example has a place for each class. */
  readonly examples: Uint32Array
  /** The class at each place, [n]; in a micro average 1 where the class is the example's own and 0 elsewhere. */
  readonly labels: Int32Array
  /** The label that counts as a hit. */
  readonly positive: number
}

/**
 * Examples ranked by the score of one class, or every pair (example, class) by its score (`micro`).
 *
 * @param scores - [n, classes] row-major, without NaN
 * @throws UsageError when there is no such class
 */
export function ranking(targets: Int32Array, scores: Float32Array, classes: number, of: number | 'micro'): Ranking {
  if (of === 'micro') {
    const order = descendingOrder(scores)
    const examples = order.map((place) => Math.floor(place / classes))
    const labels = Int32Array.from(order, (place, k) => Number(targets[examples[k] ?? 0] === place % classes))
    return { scores: permuted(scores, order), examples, labels, positive: 1 }
  }
  requireClass(of, classes)
  const column = new Float32Array(targets.length)
  for (let i = 0; i < column.length; i++) column[i] = scores[i * classes + of] ?? 0
  const examples = descendingOrder(column)
  const labels = new Int32Array(examples.length)
  for (let k = 0; k < labels.length; k++) labels[k] = targets[examples[k] ?? 0] ?? 0
  return { scores: permuted(column, examples), examples, labels, positive: of }
}

/**
 * Visits a ranking in steps of equal scores: hits and misses above and at each score.
 *
 * @param visit - given the hits and misses down to this score, the same down to the score before, and the place of the step's end
 */
export function descend(
  { scores, examples, labels, positive }: Ranking,
  counts: Counts | undefined,
  visit: (hits: number, misses: number, hitsBefore: number, missesBefore: number, end: number) => void,
): void {
  let hits = 0
  let misses = 0
  for (let end = 0; end < scores.length; ) {
    const score = scores[end]
    const [hitsBefore, missesBefore] = [hits, misses]
    for (; end < scores.length && scores[end] === score; end++) {
      const count = counts === undefined ? 1 : (counts[examples[end] ?? 0] ?? 0)
      if (labels[end] === positive) hits += count
      else misses += count
    }
    visit(hits, misses, hitsBefore, missesBefore, end)
  }
}

/** Hits and misses from the highest score down to each step, [steps]; overwritten by the next tally. */
export interface Tally {
  readonly hits: Float64Array
  readonly misses: Float64Array
}

/**
 * Counts a ranking many times, without a call for each score: steps of equal scores, where those that follow each other and hold misses alone are one. No hit lies
 * between them, so that areas and precisions at hits are the same, to the bit: all counts are whole.
 */
export function tallying(place: Ranking): (counts?: Counts) => Tally {
  const { examples, labels, positive } = place
  const ends = Uint32Array.from(stepEnds(place))
  const isHit = Uint8Array.from(labels, (label) => Number(label === positive))
  const [hitsAt, missesAt] = [new Float64Array(ends.length), new Float64Array(ends.length)]
  const once = new Uint32Array(examples.length).fill(1)
  return (counts = once) => {
    let [hits, misses, k] = [0, 0, 0]
    for (let step = 0; step < ends.length; step++) {
      const end = ends[step] ?? 0
      for (; k < end; k++) {
        const count = counts[examples[k] ?? 0] ?? 0
        if (isHit[k] === 1) hits += count
        else misses += count
      }
      hitsAt[step] = hits
      missesAt[step] = misses
    }
    return { hits: hitsAt, misses: missesAt }
  }
}

/** Where the steps of a tally end. */
function stepEnds(place: Ranking): number[] {
  const ends: number[] = []
  let wereMisses = false
  descend(place, undefined, (hits, _, hitsBefore, __, end) => {
    const areMisses = hits === hitsBefore
    if (areMisses && wereMisses) ends.pop()
    ends.push(end)
    wereMisses = areMisses
  })
  return ends
}

const DIGIT = 11
const BUCKETS = 2 ** DIGIT

/**
 * Places from the highest value to the lowest, equal ones in the order in which they stand: a radix sort of the floats' bits, which
 * takes a tenth of a comparing sort's time.
 */
function descendingOrder(values: Float32Array): Uint32Array {
  const n = values.length
  let keys = descendingKeys(values)
  let order = new Uint32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  let [nextKeys, nextOrder] = [new Uint32Array(n), new Uint32Array(n)]
  const starts = new Uint32Array(BUCKETS)
  for (let shift = 0; shift < 32; shift += DIGIT) {
    starts.fill(0)
    for (let i = 0; i < n; i++) {
      const digit = ((keys[i] ?? 0) >>> shift) & (BUCKETS - 1)
      starts[digit] = (starts[digit] ?? 0) + 1
    }
    let total = 0
    for (let digit = 0; digit < BUCKETS; digit++) {
      const size = starts[digit] ?? 0
      starts[digit] = total
      total += size
    }
    for (let i = 0; i < n; i++) {
      const key = keys[i] ?? 0
      const digit = (key >>> shift) & (BUCKETS - 1)
      const place = starts[digit] ?? 0
      starts[digit] = place + 1
      nextKeys[place] = key
      nextOrder[place] = order[i] ?? 0
    }
    ;[keys, nextKeys] = [nextKeys, keys]
    ;[order, nextOrder] = [nextOrder, order]
  }
  return order
}

/** IEEE 754 numbers of one sign are ordered as their bits are: keys that rise as the values fall. */
function descendingKeys(values: Float32Array): Uint32Array<ArrayBuffer> {
  // −0 + 0 is 0: the two zeros are equal scores.
  const bits = new Uint32Array(values.map((value) => value + 0).buffer)
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i] ?? 0
    bits[i] = word >= 0x80000000 ? word : 0x7fffffff - word
  }
  return bits
}

function permuted(values: Float32Array, order: Uint32Array): Float32Array {
  const out = new Float32Array(order.length)
  for (let k = 0; k < out.length; k++) out[k] = values[order[k] ?? 0] ?? 0
  return out
}
