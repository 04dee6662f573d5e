import { join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Command, Option } from '@commander-js/extra-typings'
import { UsageError } from '../errors.ts'
import { interpolationCurves, layerInterpolationMap } from '../figures/index.ts'
import {
  evenly,
  type InterpolatedPair,
  type InterpolationStudy,
  interpolate,
  layersWithWeights,
  pointScorer,
  type RunPair,
  requireComparable,
  runPairs,
  sampledSplit,
  studyBarriers,
  studyNotes,
  studyText,
  weightMatching,
} from '../inspect/index.ts'
import { groupReportFolder } from '../report/index.ts'
import { prepareRun } from '../runs/index.ts'
import { type Prepared, preparedShape } from '../train/index.ts'
import { type Finding, tellFindings } from './inspect/findings.ts'
import { type Look, look, networkNotes, type Subject } from './inspect/subject.ts'
import { number, wholeNumber } from './parse.ts'
import { asTrained, axisOption, type TrainedCell, trainedRuns, trainingOptions } from './trainedRuns.ts'

const command = new Command('interpolate')
  .description(
    'Loss and accuracy between and beyond two networks: θ(α) = (1 − α)·A + α·B, with the barrier between them',
  )
  .argument(
    '<ends...>',
    'A and B: runs (id, beginning of an id, folder), groups of seeds, or experiment files, which are trained; or one file or grid of two cells',
  )
  .option('--from <alpha>', 'where the line begins', number('--from'), -1)
  .option('--to <alpha>', 'where it ends', number('--to'), 2)
  .option('--points <n>', 'places on it; 0 and 1 are always among them', wholeNumber('--points', 2), 31)
  .option(
    '--layers <names>',
    'layers or blocks that move alone, too, with commas between them (conv1,layer1), or "each"',
    (text) => text.split(',').map((name) => name.trim()),
  )
  .option('--align', 'bring B’s units into the order of A’s first (weight matching)')
  .addOption(
    new Option(
      '--statistics <how>',
      'running statistics of batch norms: recomputed on training samples at every α, or interpolated like weights, which is flagged everywhere',
    )
      .choices(['renewed', 'interpolated'] as const)
      .default('renewed' as const),
  )
  .option('--statistics-samples <n>', 'training samples for that', wholeNumber('--statistics-samples', 2), 5120)
  .option('--samples <n>', 'most samples of each split; default all', wholeNumber('--samples', 1))
  .option('--sample-seed <n>', 'which samples, where they are not all', wholeNumber('--sample-seed', 0), 0)
  .addOption(
    new Option(
      '--weights <which>',
      'the runs’ weights at their end, at their best, or of their last checkpoint',
    ).choices(['final', 'best', 'last'] as const),
  )
  .option('--out <folder>', 'where pictures and numbers go; default: reports/interpolate-A-B beside the runs')
  .option('--json', 'print what was found as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay interpolate mnist-lenet5-s0 mnist-lenet5-s1 --align
  assay interpolate examples/mnist-dense.ts --axis batchSize=64,1024 --seeds 0,1,2 --samples 5000
  assay interpolate batch-64 batch-1024 --layers each --from 0 --to 1 --points 11`,
  )

export const interpolateCommand = axisOption(trainingOptions(command)).action(
  async (ends, { json = false, out, axis, from, to, points, ...options }) => {
    if (!(from < to)) throw new UsageError(`--from is ${from} and --to is ${to}: give the smaller first`)
    const cells = await trainedRuns(ends, { ...asTrained(options), axes: axis, isQuiet: json })
    if (cells === undefined) return
    const [a, b, ...others] = cells
    if (a === undefined || b === undefined || others.length > 0)
      throw new UsageError(
        `there is a line between two ends, and ${ends.join(' ')} has ${cells.length}: give A and B, a grid of two cells, or a file with --axis batchSize=64,1024`,
      )
    const pairs = runPairs(a.runs, b.runs)
    const [nameA, nameB] = namesOf(a, b)
    const root = resolve(options.runs)
    const folder = out === undefined ? groupReportFolder(root, folderName(a, nameA, nameB)) : resolve(out)
    await look(async (hooks) => {
      const settings = { ...options, alphas: evenly(from, to, points), log: join(folder, 'points.jsonl'), runs: root }
      const { done, alignments, notes, ...rest } = await studied(pairs, settings, hooks)
      const study: InterpolationStudy = { ...rest, a: nameA, b: nameB, isAligned: options.align === true, pairs: done }
      const layers = study.pairs.some(({ lines }) => lines.length > 1) ? [layerInterpolationMap(study)] : []
      const findings: Finding[] = [
        { name: 'interpolation', sentence: studyText(study), picture: interpolationCurves(study) },
        ...layers.map((picture) => ({ name: 'interpolation-by-layer', sentence: picture.alt, picture })),
      ]
      hooks.bar.stop()
      const barriers = Object.fromEntries(study.splits.map(({ name }) => [name, studyBarriers(study, name)]))
      await tellFindings(folder, findings, {
        json,
        facts: { a: nameA, b: nameB, statistics: study.statistics, isAligned: study.isAligned, alignments, barriers },
        notes: [...notes, ...studyNotes(study), ...lostNotes(cells)],
      })
    })
  },
)

interface Settings {
  readonly alphas: readonly number[]
  readonly layers?: readonly string[] | undefined
  readonly align?: true | undefined
  readonly statistics: 'renewed' | 'interpolated'
  readonly statisticsSamples: number
  readonly samples?: number | undefined
  readonly sampleSeed: number
  readonly weights?: 'final' | 'best' | 'last' | undefined
  readonly log: string
  readonly runs: string
}

/** One pair after the other, on the data of the first. */
async function studied(pairs: readonly RunPair[], settings: Settings, { bar, check, open }: Look) {
  const { alphas, layers = [], align = false, statistics, statisticsSamples, samples, sampleSeed: seed, log } = settings
  const done: InterpolatedPair[] = []
  const alignments: Record<string, unknown>[] = []
  const notes = new Set<string>()
  let shared: { readonly first: Subject; readonly prepared: Prepared } | undefined
  let facts: Pick<InterpolationStudy, 'splits' | 'statistics'> = { splits: [], statistics: 'none' }
  for (const [p, pair] of pairs.entries()) {
    await requireComparable(pair.a, pair.b)
    const chosen = { runs: settings.runs, ...(settings.weights && { weights: settings.weights }) }
    const [a, b] = [await open(pair.a.folder, chosen), await open(pair.b.folder, chosen)]
    for (const text of networkNotes([a, b])) notes.add(text)
    if (shared === undefined) {
      bar.at('loading data', Number.NaN)
      const { network } = a.loaded
      shared = { first: a, prepared: { ...(await prepareRun(a.experiment, a.run, { onProgress: check })), network } }
    } else await requireComparable(shared.first.run, pair.a)
    const { first, prepared } = shared
    const splits = (['train', 'test'] as const)
      .filter((name) => prepared[name].indices.length > 0)
      .map((name) => sampledSplit(prepared, name, { samples, seed }))
    const hasStatistics = Object.keys(a.loaded.variables.buffers).length > 0
    const renewed = sampledSplit(prepared, 'train', { samples: statisticsSamples, seed })
    const scorer = pointScorer(
      { experiment: first.experiment, prepared },
      splits,
      statistics === 'renewed' ? { kind: 'renewed', split: renewed, seed } : { kind: 'given' },
    )
    let end = b.loaded.variables
    if (align) {
      bar.at('aligning', Number.NaN)
      const sample = preparedShape(prepared.network, prepared.train.dataset.inputs.shape)
      const { variables, units, before, after, sweeps } = await weightMatching(a.loaded.variables, end, {
        ...{ model: first.experiment.model, sample },
      })
      end = variables
      const movable = units.reduce((sum, { size }) => sum + size, 0)
      alignments.push({ pair: pair.name, groups: units.length, units: movable, distance: { before, after }, sweeps })
    }
    const lines = await interpolate(a.loaded.variables, end, scorer, {
      ...{ alphas, log, layers: layers.join() === 'each' ? layersWithWeights(end) : layers },
      onProgress: async ({ done: places, total, known }) => {
        check()
        const more = known > 0 ? `, ${known} from before` : ''
        bar.at(
          'interpolating',
          (p + places / total) / pairs.length,
          ` ${pair.name}: ${places} of ${total} points${more}`,
        )
        // A turn of the event loop, in which the bar is drawn and signals are heard.
        await setImmediate()
      },
    })
    done.push({ name: pair.name, lines })
    facts = {
      splits: splits.map(({ name, text }) => ({ name, text })),
      statistics: hasStatistics ? statistics : 'none',
    }
  }
  return { ...facts, done, alignments, notes }
}

/** What the ends are called: their labels, or the runs' ids where these say too little. */
function namesOf(a: TrainedCell, b: TrainedCell): readonly [string, string] {
  const [one, other] = [a.runs[0]?.id, b.runs[0]?.id]
  const isClear = a.label !== b.label && ![a, b].some(({ label }) => label.startsWith('seed '))
  return isClear || one === undefined || other === undefined ? [a.label, b.label] : [one, other]
}

/** Of runs the ends of their ids, which are chance: folders' names are cut off. */
const folderName = ({ name, runs }: TrainedCell, ...[a, b]: readonly [string, string]): string =>
  `interpolate ${name} ${runs.some(({ id }) => id === a) ? `${a.slice(-4)} ${b.slice(-4)}` : `${a} ${b}`}`

const lostNotes = (cells: readonly TrainedCell[]): string[] =>
  cells.flatMap(({ label, lost }) =>
    lost.map(({ seed, status }) => `${label}, seed ${seed} ${status}, and is left out`),
  )
