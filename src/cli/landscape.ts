import { join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Command, Option } from '@commander-js/extra-typings'
import { UsageError } from '../errors.ts'
import { landscapeContour, lossProfileFigure } from '../figures/index.ts'
import {
  type LandscapeFacts,
  type LandscapePlan,
  landscape,
  landscapeText,
  lossProfile,
  type PlacesProgress,
  pointScorer,
  profileText,
  randomPlan,
  recordedWeights,
  requireComparable,
  type ScoredSplit,
  sampledSplit,
  threeNetworkPlan,
  trajectoryPlan,
  twoNetworkPlan,
} from '../inspect/index.ts'
import { loadStateDict, stateDict, type Variables } from '../nn/index.ts'
import { prepareRun, type Run } from '../runs/index.ts'
import { SPLITS, type SplitName } from '../runs/testModel/index.ts'
import { type Finding, tellFindings } from './inspect/findings.ts'
import { folderFor, type Look, look, networkNotes, type Subject } from './inspect/subject.ts'
import { number, positive, wholeNumber } from './parse.ts'
import { asTrained, axisOption, trainedRuns, trainingOptions } from './trainedRuns.ts'

const command = new Command('landscape')
  .description(
    'The loss around a trained network, along random or its own principal directions, or over the plane of three',
  )
  .argument(
    '<runs...>',
    'one run (id, beginning of an id, folder) or experiment file, which is trained: the surface around it; two or three of them, or of its seeds: the plane through A and B and a random direction, or through A, B and C',
  )
  .addOption(
    new Option(
      '--directions <which>',
      'random filter-normalised ones, or the principal components of the weights that the run recorded, with its way on the plane',
    )
      .choices(['random', 'trajectory'] as const)
      .default('random' as const),
  )
  .option('--profile <n>', 'lines along n random directions in place of a plane', wholeNumber('--profile', 1))
  .option('--range <steps>', 'how far to go along random directions, in lengths of the filters', positive('--range'), 1)
  .option('--margin <share>', 'room around the networks on other planes', number('--margin'), 0.25)
  .option('--size <n>', 'places along each direction; default 25, of lines 41', wholeNumber('--size', 3))
  .option('--split <names>', 'splits that are scored, with commas between them', splitNames, [
    'train',
  ] as readonly SplitName[])
  .option('--samples <n>', 'most samples of each split', wholeNumber('--samples', 1), 1000)
  .option('--seed <n>', 'another one: other directions and samples', wholeNumber('--seed', 0), 0)
  .option(
    '--move-biases',
    'move biases and normalisations, too, each number by its own size; default: they stay, as in the paper',
  )
  .addOption(
    new Option(
      '--statistics <how>',
      'running statistics of batch norms: recomputed on training samples at every place, or the network’s own',
    )
      .choices(['renewed', 'kept'] as const)
      .default('renewed' as const),
  )
  .option('--statistics-samples <n>', 'training samples for that', wholeNumber('--statistics-samples', 2), 1024)
  .addOption(
    new Option(
      '--weights <which>',
      'the runs’ weights at their end, at their best, or of their last checkpoint',
    ).choices(['final', 'best', 'last'] as const),
  )
  .option('--out <folder>', 'where pictures and numbers go; default: figures/landscape in the (first) run’s folder')
  .option('--json', 'print what was found as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay landscape latest
  assay landscape mnist-lenet5-s0 --profile 8 --split train,test --samples 2000
  assay landscape latest --directions trajectory --size 31
  assay landscape net-s0 net-s1 net-s2`,
  )

interface Settings {
  readonly directions: 'random' | 'trajectory'
  readonly profile?: number | undefined
  readonly range: number
  readonly margin: number
  readonly size?: number | undefined
  readonly split: readonly SplitName[]
  readonly samples: number
  readonly seed: number
  readonly moveBiases?: true | undefined
  readonly statistics: 'renewed' | 'kept'
  readonly statisticsSamples: number
  readonly weights?: 'final' | 'best' | 'last' | undefined
}

export const landscapeCommand = axisOption(trainingOptions(command)).action(
  async (references, { json = false, out, axis, ...options }) => {
    if (options.profile !== undefined && options.directions === 'trajectory')
      throw new UsageError('--profile goes along random directions: leave out it or --directions trajectory')
    const cells = await trainedRuns(references, { ...asTrained(options), axes: axis, isQuiet: json })
    if (cells === undefined) return
    const runs = cells.flatMap((cell) => cell.runs)
    const [run, ...others] = runs
    const isPlane =
      (runs.length === 2 || runs.length === 3) && options.profile === undefined && options.directions === 'random'
    if (run === undefined) throw new UsageError('there is no run: give one, or an experiment file')
    const root = resolve(options.runs)
    // Ids end with digits of chance, which tell planes through other runs apart.
    const ends = isPlane ? others.map(({ id }) => `-${id.slice(-4)}`).join('') : ''
    const folder = folderFor(run, `landscape${ends}`, out)
    await look(async (hooks) => {
      const chosen = { runs: root, ...(options.weights && { weights: options.weights }) }
      const subject = await hooks.open(run.folder, chosen)
      const more: Subject[] = []
      for (const other of isPlane ? others : []) {
        await requireComparable(run, other)
        more.push(await hooks.open(other.folder, chosen))
      }
      const findings = await found([subject, ...more], options, join(folder, 'points.jsonl'), hooks)
      hooks.bar.stop()
      const unused = isPlane ? 0 : others.length
      await tellFindings(folder, findings.findings, {
        json,
        facts: { run: run.id, ...findings.facts },
        notes: [
          ...networkNotes([subject, ...more]),
          ...(unused > 0 ? [`${unused} more runs were given: the surface is that of ${run.id}`] : []),
        ],
      })
    })
  },
)

/** One, or the two or three that a plane goes through. */
type Networks = readonly [Subject, ...Subject[]]

/** Computes what was asked for, and draws it. */
async function found(networks: Networks, settings: Settings, log: string, { bar, check }: Look) {
  const [{ run, experiment, loaded }] = networks
  const { split, samples, seed, statistics, statisticsSamples, profile, range } = settings
  bar.at('loading data', Number.NaN)
  const prepared = { ...(await prepareRun(experiment, run, { onProgress: check })), network: loaded.network }
  const splits = split.map((name) => sampledSplit(prepared, name, { samples, seed }))
  const renewed = sampledSplit(prepared, 'train', { samples: statisticsSamples, seed })
  const scorer = pointScorer(
    { experiment, prepared },
    splits,
    statistics === 'renewed' ? { kind: 'renewed', split: renewed, seed } : { kind: 'given' },
  )
  const hasStatistics = Object.keys(loaded.variables.buffers).length > 0
  const vectors = settings.moveBiases ? 'own' : 'fixed'
  const random = { range, seed, vectors } as const
  const onProgress = rated(bar, check)
  const factsOf = (directions: string): LandscapeFacts => ({
    name: ['', run.id, 'A and B', 'A, B and C'][networks.length] ?? run.id,
    splits: splits.map(({ name, text }: ScoredSplit) => ({ name, text })),
    statistics: hasStatistics ? statistics : 'none',
    directions,
  })
  const biases = `biases and normalisations ${vectors === 'fixed' ? 'stay' : 'move by their own size'}, seed ${seed}`
  if (profile !== undefined) {
    const lines = await lossProfile(loaded.variables, scorer, {
      ...{ ...random, directions: profile, size: settings.size ?? 41, log, onProgress },
    })
    const facts = factsOf(`filter-normalised random directions; ${biases}`)
    const sentence = split.map((name) => profileText(lines, name)).join(' ')
    const finding: Finding = { name: 'profile', sentence, picture: lossProfileFigure(lines, facts) }
    return { facts, findings: [finding] }
  }
  const size = settings.size ?? 25
  const { plan, directions, kind } = await planned(networks, settings, { ...random, size }, biases)
  const facts = factsOf(directions)
  const surface = await landscape(plan, scorer, { log, onProgress })
  const findings = split.flatMap((name): Finding[] => [
    {
      name: `${kind}-${name}-loss`,
      sentence: landscapeText(surface, name),
      picture: landscapeContour(surface, facts, { split: name }),
    },
    ...experiment.metrics.slice(0, 1).map(({ name: metric, goal }) => {
      const picture = landscapeContour(surface, facts, { split: name, metric, goal })
      return { name: `${kind}-${name}-${metric}`, sentence: picture.alt, picture }
    }),
  ])
  return { facts, findings }
}

interface RandomSettings {
  readonly range: number
  readonly size: number
  readonly seed: number
  readonly vectors: 'fixed' | 'own'
}

async function planned(
  networks: Networks,
  { directions, margin }: Settings,
  random: RandomSettings,
  biases: string,
): Promise<{ readonly plan: LandscapePlan; readonly directions: string; readonly kind: string }> {
  const [a, b, c] = networks.map(({ run, loaded: { variables } }) => ({ name: run.id, variables }))
  if (a === undefined) throw new Error('there is no network')
  const frame = { size: random.size, margin }
  if (b !== undefined && c !== undefined)
    return {
      plan: threeNetworkPlan([short(a, 'A'), short(b, 'B'), short(c, 'C')], frame),
      directions: `A: ${a.name}, B: ${b.name}, C: ${c.name}`,
      kind: 'plane',
    }
  if (b !== undefined)
    return {
      plan: twoNetworkPlan(short(a, 'A'), short(b, 'B'), { ...random, ...frame }),
      directions: `A: ${a.name}, B: ${b.name}; ${biases}`,
      kind: 'plane',
    }
  if (directions === 'random')
    return { plan: randomPlan(a.variables, random), directions: `filter-normalised; ${biases}`, kind: 'random' }
  return {
    plan: await trajectoryPlan(await trajectoryOf(networks[0].run, a.variables), frame),
    directions: 'principal directions of the weights that the training recorded, less the last',
    kind: 'trajectory',
  }
}

const short = <N extends { readonly name: string }>(network: N, name: string): N => ({ ...network, name })

/** What a run recorded of its weights, in the order of its network's. */
async function trajectoryOf(run: Run, variables: Variables) {
  const snapshots = await recordedWeights(run)
  return snapshots.map(({ label, variables: own }) => ({ label, variables: loadStateDict(variables, stateDict(own)) }))
}

/** Shows how many places a second are computed, and lets signals be heard. */
function rated(bar: Look['bar'], check: Look['check']): (progress: PlacesProgress) => Promise<void> {
  const began = performance.now()
  return async ({ done, total, known }) => {
    check()
    const rate = (1000 * (done - known)) / (performance.now() - began)
    const speed = done > known ? `, ${rate.toPrecision(2)} a second` : ''
    const before = known > 0 ? `, ${known} from before` : ''
    bar.at('computing the surface', done / total, ` ${done} of ${total} places${speed}${before}`)
    await setImmediate()
  }
}

function splitNames(text: string): readonly SplitName[] {
  return text.split(',').map((part) => {
    const found = SPLITS.find((name) => name === part.trim())
    if (found === undefined) throw new UsageError(`--split is "${text}": give some of ${SPLITS.join(', ')}`)
    return found
  })
}
