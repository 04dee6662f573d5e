import { percent, table } from '../../src/cli/output.ts'
import { meanOverSeeds } from '../../src/metrics/uncertainty/index.ts'
import { median } from '../contest.ts'
import { type Found, type Halving, type Repetition, SHARE, standardError, TARGET_TRIALS, TRIALS } from './measure.ts'
import type { Table, Training } from './trainings.ts'
import { EPOCHS, SAMPLES } from './tuning.ts'

const right = (head: string) => ({ head, align: 'right' as const })
const count = (value: number): string => value.toLocaleString('en')
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** `+0.52 (+0.31 to +0.73)`, in hundredths: Student's 95 % interval of the mean of differences, each of one repetition. */
function difference(pairs: readonly (readonly [Found, Found])[], of: 'best' | 'test'): string {
  const { mean: middle, low, high } = meanOverSeeds(pairs.map(([a, b]) => 100 * (a[of] - b[of])))
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
  return `${signed(middle)} (${signed(low)} to ${signed(high)})`
}

/** What the table holds, and how far its first epochs tell of the last. */
export function trainingsText({ finished, size }: Table): string {
  const at = ({ curve }: Training, epoch: number): number => curve[epoch - 1] ?? 0
  const by = (epoch: number): Training[] => finished.toSorted((a, b) => at(b, epoch) - at(a, epoch))
  const [best] = by(EPOCHS)
  const top = by(EPOCHS).slice(0, Math.round(size / TARGET_TRIALS))
  const kept = [1, 3, 9].map((epoch) => {
    const third = new Set(by(epoch).slice(0, Math.floor(size / 3)))
    return `${percent(top.filter((training) => third.has(training)).length / top.length, 0)} after ${epoch}`
  })
  return `${count(size)} configurations of dense networks on ${count(SAMPLES)} images of Fashion-MNIST, each trained once for ${EPOCHS} epochs, ${count(finished.length)} to their end; the best validation accuracy is ${best === undefined ? 'none' : percent(at(best, EPOCHS))}.
Searches look up in these what a training comes to: repetitions differ in the samplers’ chance alone, not in the trainings’.
Of the best 1/${TARGET_TRIALS} after ${EPOCHS} epochs are in the best third: ${kept.join(', ')} epochs.`
}

/** TPE beside random search. */
export function tpeText(repetitions: readonly Repetition[]): string {
  const rows = TRIALS.map((trials, i) => {
    const pairs = repetitions.flatMap((one): (readonly [Found, Found])[] => {
      const [byTpe, atRandom] = [one.tpe[i], one.random[i]]
      return byTpe === undefined || atRandom === undefined ? [] : [[byTpe, atRandom]]
    })
    const sign = (wanted: number): number => pairs.filter(([a, b]) => Math.sign(a.best - b.best) === wanted).length
    return [
      String(trials),
      percent(mean(pairs.map(([, { best }]) => best))),
      percent(mean(pairs.map(([{ best }]) => best))),
      difference(pairs, 'best'),
      difference(pairs, 'test'),
      `${sign(1)} / ${sign(0)} / ${sign(-1)}`,
    ]
  })
  return `TPE against random search: best validation accuracy, mean of ${repetitions.length} repetitions; differences in percentage points with 95 % intervals, paired.
${table(['trials', 'random', 'TPE', 'difference', 'of the same’s test accuracy', 'better / equal / worse'].map(right), rows)}`
}

/** ASHA beside random search. */
export function ashaText(repetitions: readonly Repetition[]): string {
  const targets = repetitions.flatMap(({ random }) => random[TRIALS.indexOf(TARGET_TRIALS)] ?? [])
  const row = (name: string, of: (one: Repetition) => Halving): string[] => {
    const all = repetitions.map(of)
    const shares = (reached: readonly number[]): string[] => [
      percent(median(reached), 0),
      `${reached.filter((value) => value <= SHARE).length} of ${reached.length}`,
    ]
    const pairs = all.flatMap(({ atShare }, i): (readonly [Found, Found])[] => {
      const target = targets[i]
      return target === undefined ? [] : [[atShare, target]]
    })
    return [
      name,
      ...shares(all.map(({ reached }) => reached)),
      ...shares(all.map(({ nearlyReached }) => nearlyReached)),
      difference(pairs, 'best'),
      difference(pairs, 'test'),
      String(Math.round(median(all.map(({ trials }) => trials)))),
    ]
  }
  const tolerance = mean(targets.map(({ best }) => standardError(best)))
  return `ASHA (one in three goes on after 1, 3 and 9 epochs) against the best of ${TARGET_TRIALS} random trials, ${count(TARGET_TRIALS * EPOCHS)} epochs.
epochs: until a trial ended as good, of these, median; nearly: as good but for one standard error of an accuracy on ${count(SAMPLES)} images, ${(100 * tolerance).toFixed(2)} points;
at 1/3: the best after a third of the epochs less random search’s after all of them, in points with 95 % intervals.
${table(
  [
    { head: 'ASHA on' },
    ...['epochs', 'within 1/3', 'nearly', 'within 1/3', 'at 1/3', 'test accuracy at 1/3', 'trials by then'].map(right),
  ],
  [row('the same trials', ({ same }) => same), row('other trials', ({ others }) => others)],
)}`
}
