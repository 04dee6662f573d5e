import { sha256 } from '../../data/sha256.ts'
import { applyModel, isWeights, parameterCount, symbolic, type Variables } from '../../nn/index.ts'
import { foldIn, key } from '../../random/index.ts'
import type { SplitName } from '../../runs/testModel/index.ts'
import { leavesOf, placeholder, sizeOf } from '../../tensor/index.ts'
import { type Evaluation, evaluateBatches, evaluator } from '../../train/evaluate.ts'
import {
  describe,
  type Experiment,
  initialVariables,
  type Json,
  type Prepared,
  preparedShape,
  type Scores,
} from '../../train/index.ts'
import { populationEvaluation } from '../../train/populationPrograms.ts'
import { bySize } from '../../train/programs.ts'
import { scoresOf } from '../../train/scores.ts'
import { makeState, makeStates } from '../../train/state.ts'
import { statisticsRenewer } from '../../train/statistics.ts'
import { type Point, placeIn } from './point.ts'
import type { ScoredSplit } from './sample.ts'

/** Loss and metrics by split. */
export type PointScores = Readonly<Partial<Record<SplitName, Scores>>>

/** Where the running statistics of batch norms come from: the weights between networks have none of their own. */
export type Statistics =
  /** Made anew at every point, on training samples. */
  | { readonly kind: 'renewed'; readonly split: ScoredSplit; readonly seed?: number; readonly batch?: number }
  /** Those of the point, whatever they are. */
  | { readonly kind: 'given' }

/** What scores points of weight space. */
export interface Scorer {
  /** Points that one call of the runtime computes together. */
  readonly together: number
  /** Everything that scores depend on beside the point. */
  readonly identity: Json
  /** Scores of points, in their order. */
  score(points: readonly Point[]): Promise<readonly PointScores[]>
}

/** Whose weights are moved: the experiment's loss and metrics, and the data and network that go together. */
export interface ScoredNetwork {
  readonly experiment: Experiment
  readonly prepared: Prepared
}

/** Bytes that the points of one program may need, as for populations that train. */
const ROOM = 8 * 2 ** 20
const MOST = 64
/** Samples of a batch of the evaluation. */
const BATCH = 500

/**
 * Scores points of weight space on whole splits. Weights go into programs that are made once: of a small network many points a call, as a
 * population; of a large one, or where running statistics are made anew, one after the other.
 *
 * @example
 * const scorer = pointScorer({ experiment, prepared }, [sampledSplit(prepared, 'test')], { kind: 'given' })
 * const [at] = await scorer.score([pointOf(variables)])
 * at.test.accuracy
 */
export function pointScorer(of: ScoredNetwork, splits: readonly ScoredSplit[], statistics: Statistics): Scorer {
  const { experiment, prepared } = of
  const variables = initialVariables(prepared, 0)
  const hasStatistics = leavesOf(variables.buffers, isWeights).length > 0
  const together = hasStatistics && statistics.kind === 'renewed' ? 1 : pointsTogether(prepared, variables, splits)
  const evaluations = together > 1 ? many(of, variables, together) : oneByOne(of, variables, statistics)
  return {
    together,
    identity: identityOf(experiment, splits, hasStatistics ? statistics : { kind: 'given' }),
    score: async (points) => {
      const scored: PointScores[] = []
      for (let begin = 0; begin < points.length; begin += together) {
        const part = points.slice(begin, begin + together)
        const bySplit = await evaluations(part, splits)
        for (const [k] of part.entries())
          scored.push(
            Object.fromEntries(
              splits.flatMap(({ name }, s) => {
                const evaluation = bySplit[s]?.[k]
                return evaluation === undefined ? [] : [[name, scoresOf(experiment.metrics, evaluation)]]
              }),
            ),
          )
      }
      return scored
    },
  }
}

function identityOf(experiment: Experiment, splits: readonly ScoredSplit[], statistics: Statistics): Json {
  const { model, prepare, loss, metrics } = describe(experiment)
  const samples = ({ name, split: { dataset, indices } }: ScoredSplit): Json => ({
    ...{ name, fingerprint: dataset.fingerprint, count: indices.length, indices: sha256(indices) },
  })
  return {
    ...{ model: model ?? null, prepare: prepare ?? null, loss: loss ?? null, metrics: metrics ?? null },
    splits: splits.map(samples),
    statistics:
      statistics.kind === 'given'
        ? 'given'
        : { ...{ seed: statistics.seed ?? 0, batch: statistics.batch ?? null }, split: samples(statistics.split) },
  }
}

/** Evaluations of points, by split. */
type Evaluate = (
  points: readonly Point[],
  splits: readonly ScoredSplit[],
) => Promise<readonly (readonly Evaluation[])[]>

function oneByOne({ experiment, prepared }: ScoredNetwork, variables: Variables, statistics: Statistics): Evaluate {
  const state = makeState(variables, experiment.optimizer)
  const evaluate = evaluator(prepared, experiment.loss, state)
  const renew =
    statistics.kind === 'given'
      ? async () => {}
      : statisticsRenewer(
          experiment,
          { ...prepared, train: statistics.split.split },
          state,
          ...(statistics.batch === undefined ? [] : ([statistics.batch] as const)),
        )
  const order = foldIn(key(statistics.kind === 'renewed' ? (statistics.seed ?? 0) : 0), 'statistics')
  return async (points, splits) => {
    const bySplit = splits.map((): Evaluation[] => [])
    for (const point of points) {
      placeIn(state.variables, point)
      await renew(order)
      for (const [s, { split }] of splits.entries()) bySplit[s]?.push(await evaluate(split))
    }
    return bySplit
  }
}

/** As a population whose members see the same batches. */
function many({ experiment, prepared }: ScoredNetwork, variables: Variables, together: number): Evaluate {
  const { loss, optimizer } = experiment
  const states = makeStates(Array.from({ length: together }, () => ({ initial: variables, optimizer })))
  const all = states.members.map(() => prepared)
  const programFor = bySize((size) => populationEvaluation({ prepared: all, loss, states }, size))
  return async (points, splits) => {
    for (const [k, { variables: own }] of states.members.entries()) {
      const point = points[k]
      // The last part may be smaller; what is left of the one before is computed once more and not looked at.
      if (point !== undefined) placeIn(own, point)
    }
    const bySplit: (readonly Evaluation[])[] = []
    for (const { split } of splits) {
      const evaluations = await evaluateBatches(split, prepared.target, together, programFor)
      bySplit.push(evaluations.slice(0, points.length))
    }
    return bySplit
  }
}

/** How many points of a network one program should compute. */
function pointsTogether({ network, train }: Prepared, variables: Variables, splits: readonly ScoredSplit[]): number {
  const { parameters, buffers } = variables
  const batch = Math.min(BATCH, Math.max(...splits.map(({ split }) => split.indices.length)))
  const x = placeholder('x', {
    dtype: 'float32',
    shape: [batch, ...preparedShape(network, train.dataset.inputs.shape)],
  })
  const { calls } = applyModel(network.model, symbolic(parameters), x, { buffers: symbolic(buffers) })
  const maps = calls
    .filter(({ layer }) => layer.children === undefined)
    .map(({ output }) => sizeOf(output.shape))
    .sort((a, b) => b - a)
  // Parameters in one piece and in parts; a map and the one that is made of it.
  const numbers = 2 * parameterCount(variables) + (maps[0] ?? 0) + (maps[1] ?? 0)
  return Math.min(MOST, Math.max(1, Math.floor(ROOM / (4 * numbers))))
}
