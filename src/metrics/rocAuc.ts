import type { Average, AverageOptions } from './precisionRecallF1.ts'
import { requireClass, requireProbabilities } from './predictions.ts'
import { descend, type Ranking, ranking, type Tally, tallying } from './ranking.ts'
import type { Counts, Resampled } from './resampled.ts'

/**
 * Each class against the rest (default), averaged as `average` says or of one class alone; or, with `multiClass: 'ovo'`, each pair
 * of classes against each other, which does not change when classes are unequal.
 */
export type RocAucOptions =
  | (AverageOptions & { readonly multiClass?: 'ovr' })
  | { readonly multiClass: 'ovo'; readonly average?: 'macro'; readonly of?: undefined }

/**
 * Area under the ROC curve: the probability that an example of the class scores higher than one of the others, ties counting half
 * (the Mann–Whitney statistic divided by the number of pairs). 1 is perfect, 0.5 is chance and what constant scores get.
 *
 * A class without examples, or whose examples are all there are, has no area: `none` gives NaN for it and means leave it out; NaN
 * where every class is so. scikit-learn raises an error instead. With two classes the score of class 1 decides, as in scikit-learn,
 * and macro, weighted and `of` all give its area.
 *
 * Source: Hanley and McNeil, "The meaning and use of the area under a ROC curve", Radiology 143 (1982); one-versus-one: Hand and
 * Till, "A simple generalisation of the area under the ROC curve for multiple class problems", Machine Learning 45 (2001).
 *
 * @param targets - true classes, [n]
 * @param probabilities - after softmax, [n, classes] row-major
 * @throws UsageError when a row is no distribution (logits given?), a probability is NaN, there is no example, or no such class
 *
 * @example
 * rocAucScore(Int32Array.of(0, 0, 1, 1), Float32Array.of(0.9, 0.1, 0.6, 0.4, 0.65, 0.35, 0.2, 0.8), 2) // 0.75
 */
export function rocAucScore(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  options: { readonly average: 'none' },
): readonly number[]
export function rocAucScore(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  options?: RocAucOptions,
): number
export function rocAucScore(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  options: RocAucOptions | { readonly average: 'none' } = {},
): number | readonly number[] {
  requireProbabilities(probabilities, classes, targets)
  return options.average === 'none'
    ? areas(targets, probabilities, classes)().each
    : rocAucOf(targets, probabilities, classes, options)()
}

/** {@link rocAucScore}, the scores sorted once for many resamples. */
export function rocAucOf(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  { average = 'macro', of, multiClass = 'ovr' }: RocAucOptions = {},
): Resampled {
  if (multiClass === 'ovo') return oneVersusOne(targets, probabilities, classes)
  if (of !== undefined) {
    requireClass(of, classes)
    const tally = tallying(ranking(targets, probabilities, classes, classes === 2 ? 1 : of))
    return (counts) => areaUnder(tally(counts)).area
  }
  if (average === 'micro') {
    const tally = tallying(ranking(targets, probabilities, classes, 'micro'))
    return (counts) => areaUnder(tally(counts)).area
  }
  const each = areas(targets, probabilities, classes)
  return (counts) => meanOver(each(counts), average)
}

/** What each class scores, and how many examples it has. */
interface PerClass {
  readonly each: readonly number[]
  readonly support: readonly number[]
}

/** Mean over the classes whose score is defined; NaN where there is none. */
export function meanOver({ each, support }: PerClass, average: Exclude<Average, 'micro'>): number {
  let [sum, total] = [0, 0]
  for (const [c, value] of each.entries()) {
    if (Number.isNaN(value)) continue
    const weight = average === 'weighted' ? (support[c] ?? 0) : 1
    sum += weight * value
    total += weight
  }
  return sum / total
}

function areas(targets: Int32Array, probabilities: Float32Array, classes: number): (counts?: Counts) => PerClass {
  const columns = classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c)
  const tallies = columns.map((c) => tallying(ranking(targets, probabilities, classes, c)))
  return (counts) => {
    const found = tallies.map((tally) => areaUnder(tally(counts)))
    const [only] = found
    return classes === 2 && only !== undefined
      ? { each: [only.area, only.area], support: [only.misses, only.hits] }
      : { each: found.map(({ area }) => area), support: found.map(({ hits }) => hits) }
  }
}

function areaUnder({ hits, misses }: Tally) {
  let [area, hitsBefore, missesBefore] = [0, 0, 0]
  for (let step = 0; step < hits.length; step++) {
    const [hitsHere, missesHere] = [hits[step] ?? 0, misses[step] ?? 0]
    area += ((missesHere - missesBefore) * (hitsHere + hitsBefore)) / 2
    hitsBefore = hitsHere
    missesBefore = missesHere
  }
  return { area: area / (hitsBefore * missesBefore), hits: hitsBefore, misses: missesBefore }
}

/** Mean over ordered pairs (a, b) of the area of a against b by the score of a; pairs without examples on both sides are left out. */
function oneVersusOne(targets: Int32Array, probabilities: Float32Array, classes: number): Resampled {
  const rankings = Array.from({ length: classes }, (_, c) => ranking(targets, probabilities, classes, c))
  return (counts) => {
    const support = new Float64Array(classes)
    for (const [i, target] of targets.entries())
      support[target] = (support[target] ?? 0) + (counts === undefined ? 1 : (counts[i] ?? 0))
    let [sum, pairs] = [0, 0]
    for (const [a, place] of rankings.entries())
      for (const [b, area] of areasAgainst(place, classes, counts).entries()) {
        const both = (support[a] ?? 0) * (support[b] ?? 0)
        if (a === b || both === 0) continue
        sum += area / both
        pairs++
      }
    return sum / pairs
  }
}

/** Pairs in which an example of the ranking's class scores above one of each other class, ties counting half, [classes]. */
function areasAgainst(place: Ranking, classes: number, counts?: Counts): Float64Array {
  const above = new Float64Array(classes)
  let begin = 0
  descend(place, counts, (hits, _, hitsBefore, __, end) => {
    for (; begin < end; begin++) {
      const label = place.labels[begin] ?? 0
      const count = counts === undefined ? 1 : (counts[place.examples[begin] ?? 0] ?? 0)
      above[label] = (above[label] ?? 0) + (count * (hits + hitsBefore)) / 2
    }
  })
  return above
}
