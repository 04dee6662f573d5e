import { sha256 } from '../data/sha256.ts'
import type { Layer } from '../nn/index.ts'
import type { Experiment } from './experiment.ts'
import { recordsAnything } from './record/record.ts'
import { isStrategy } from './settings.ts'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

interface Described {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
}

const value = ({ kind, config }: Described): Json => ({ kind, ...plain(config) })

/** Sorted by name: the order in which options were written says nothing. */
const plain = (config: Readonly<Record<string, unknown>>): { [name: string]: Json } =>
  JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)))))

const layer = ({ kind, config, children }: Layer): Json => ({
  kind,
  ...plain(config),
  ...(children && {
    children: Object.fromEntries(Object.entries(children).map(([name, child]) => [name, layer(child)])),
  }),
})

/** An experiment as plain data, for the manifest. Layers of one's own go in by kind and configuration. */
export function describe(experiment: Experiment): { [name: string]: Json } {
  const { name, data, split, prepare, model, loss, optimizer, schedule, batchSize, epochs, seeds, metrics } = experiment
  const { regularizers, clip, averaging, mixup, accumulate, evaluation, monitor, earlyStopping, record } = experiment
  return {
    name,
    data: value(data),
    split: isStrategy(split) ? value(split) : plain({ ...split }),
    prepare: prepare.map(value),
    model: layer(model),
    loss: value(loss),
    optimizer: value(optimizer),
    schedule: value(schedule),
    batchSize,
    epochs,
    seeds: [...seeds],
    metrics: metrics.map(value),
    ...(regularizers.length > 0 && { regularizers: regularizers.map(value) }),
    ...(clip && { clip: plain({ ...clip }) }),
    ...(averaging && { averaging: value(averaging) }),
    ...(mixup && { mixup: value(mixup) }),
    ...(accumulate > 1 && { accumulate }),
    ...(!isDefault(evaluation) && { evaluation: plain({ ...evaluation }) }),
    ...(monitor !== undefined && { monitor }),
    ...(earlyStopping && { earlyStopping: value(earlyStopping) }),
    ...(recordsAnything(record) && { record: plain({ ...record }) }),
  }
}

/** What an experiment always had is told; what came later is told where it differs from what was before, as runs are found by this. */
const isDefault = ({ everyEpochs, everySteps, train }: Experiment['evaluation']): boolean =>
  everyEpochs === 1 && everySteps === undefined && !train

/** SHA-256 of what a run depends on: the description without the list of seeds, and the seed. */
export function configHash(experiment: Experiment, seed: number): string {
  const { seeds: _, ...rest } = describe(experiment)
  return sha256(JSON.stringify({ ...rest, seed }))
}

/** One setting in which two descriptions differ; undefined where one has none. */
export interface Difference {
  readonly path: string
  readonly before: Json | undefined
  readonly after: Json | undefined
}

/**
 * In what two descriptions differ, setting by setting.
 *
 * @example
 * differences(describe(a), describe(a.with({ epochs: 9 }))) // [{ path: 'epochs', before: 3, after: 9 }]
 */
export function differences(before: Json | undefined, after: Json | undefined, path = ''): Difference[] {
  const isNest = (value: Json | undefined): value is Json[] | { [name: string]: Json } =>
    typeof value === 'object' && value !== null
  if (isNest(before) && isNest(after) && Array.isArray(before) === Array.isArray(after)) {
    const [left, right] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
    return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) =>
      differences(left.get(name), right.get(name), path === '' ? name : `${path}.${name}`),
    )
  }
  return before === after ? [] : [{ path, before, after }]
}
