import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig, type StateDict } from '../../nn/index.ts'

/** When weights are kept, beside the beginning and the end of the training, and which. */
export interface RecordedWeights {
  /** Epochs from one time to the next; default 1. */
  readonly everyEpochs?: number
  /** Steps from one time to the next, in place of epochs. */
  readonly everySteps?: number
  /** Layers by name, those inside them included, as in `0` or `layer1.0.conv1`. Default: all, and running statistics. */
  readonly layers?: readonly string[]
}

/** Which steps are measured. */
export interface RecordedSteps {
  /** Steps from one to the next that is measured; default 1. */
  readonly every?: number
}

/** What of a training its run keeps beside scores and checkpoints. */
export interface Recording {
  /** Weights along the way, as training works on them: their average, where there is one, is no part of it. Default: none. */
  readonly weights?: RecordedWeights
  /**
   * Of steps: the loss, the length of its gradient (before penalties and clipping), the cosine between that and the gradient of the step before, and the
   * length of each parameter's change in parts of its own. Default: of none.
   */
  readonly steps?: RecordedSteps
}

const atLeastOne = z.number().int().min(1)

const schema = z.strictObject({
  weights: z
    .strictObject({
      everyEpochs: atLeastOne.optional(),
      everySteps: atLeastOne.optional(),
      layers: z.array(z.string().min(1)).min(1, 'name at least one layer, or leave it out for all').optional(),
    })
    .refine(
      ({ everyEpochs, everySteps }) => everyEpochs === undefined || everySteps === undefined,
      'everyEpochs and everySteps are two answers to one question: give one',
    )
    .optional(),
  steps: z.strictObject({ every: atLeastOne.optional() }).optional(),
})

/**
 * What is recorded, with defaults filled in, so that what is the same is described the same.
 *
 * @throws UsageError naming the option
 */
export function recordOf(given: unknown, what = 'experiment: record'): Recording {
  const { weights, steps } = parseConfig(what, schema, given)
  const { everyEpochs, everySteps, layers } = weights ?? {}
  return {
    ...(weights && {
      weights: {
        ...(everySteps === undefined ? { everyEpochs: everyEpochs ?? 1 } : { everySteps }),
        ...(layers && { layers }),
      },
    }),
    ...(steps && { steps: { every: steps.every ?? 1 } }),
  }
}

/** With one part replaced, as in `weights.everySteps`; a time in steps takes the place of one in epochs. */
export function recordWith(record: Recording, [part, option, ...deeper]: readonly string[], value: unknown): Recording {
  const what = `--set record${part === undefined ? '' : `.${[part, option, ...deeper].filter((one) => one !== undefined).join('.')}`}`
  if (part === undefined) return recordOf(value, what)
  if ((part !== 'weights' && part !== 'steps') || deeper.length > 0)
    throw new UsageError(`${what}: an experiment records weights or steps, as in record.weights.everyEpochs`)
  if (option === undefined) return recordOf({ ...record, [part]: value }, what)
  const { everyEpochs, everySteps, ...others } = record.weights ?? {}
  const kept =
    part === 'steps' ? record.steps : option === 'everyEpochs' || option === 'everySteps' ? others : record.weights
  return recordOf({ ...record, [part]: { ...kept, [option]: value } }, what)
}

export const recordsAnything = ({ weights, steps }: Recording): boolean => weights !== undefined || steps !== undefined

/** Whether weights are to be kept after a step; the beginning is step 0. The end is told apart by whoever knows it. */
export function isRecorded(
  { everyEpochs = 1, everySteps }: RecordedWeights,
  step: number,
  stepsPerEpoch: number,
): boolean {
  return step % (everySteps ?? everyEpochs * stepsPerEpoch) === 0
}

/**
 * Those weights of a network that are recorded, in its order.
 *
 * @throws UsageError for a layer without weights, with those that have some
 */
export function recordedOf({ layers }: RecordedWeights, dict: StateDict): StateDict {
  if (layers === undefined) return dict
  const isIn = (name: string, layer: string): boolean => name === layer || name.startsWith(`${layer}.`)
  for (const layer of layers)
    if (!Object.keys(dict).some((name) => isIn(name, layer)))
      throw new UsageError(
        `experiment: record.weights.layers has "${layer}", where the model has no weights; it has ${layersIn(dict).join(', ')}`,
      )
  return Object.fromEntries(Object.entries(dict).filter(([name]) => layers.some((layer) => isIn(name, layer))))
}

const layersIn = (dict: StateDict): string[] => [
  ...new Set(Object.keys(dict).map((name) => name.split('.').slice(0, -1).join('.'))),
]
