import * as z from 'zod'
import type { HoldOutStrategy } from '../data/index.ts'
import { holdOutSchema } from '../data/splits/holdOut.ts'
import { UsageError } from '../errors.ts'
import { type Layer, parseConfig } from '../nn/index.ts'
import type { Experiment, ExperimentOptions, SplitOptions } from './experiment.ts'
import { recordWith } from './record/record.ts'

/** The plain values of an experiment. */
export const scalars = z.object({
  name: z.string().regex(/^[\w.-]+$/, 'use letters, digits, dots, dashes and underscores only'),
  batchSize: z.number().int().min(1),
  epochs: z.number().int().min(1),
  // A seed that is there twice gives the same run twice: no spread, and a mean that looks surer than it is.
  seeds: z
    .array(z.number().int().min(0))
    .min(1)
    .refine((seeds) => new Set(seeds).size === seeds.length, 'a seed is there twice: give each once'),
  accumulate: z.number().int().min(1),
  evaluation: z.strictObject({
    everyEpochs: z.number().int().min(1),
    everySteps: z.number().int().min(1).optional(),
    train: z.boolean(),
  }),
})

/** The split, where it is given by options. */
export const splitOptions = z.object({ split: holdOutSchema })

const SETTABLE = [
  ...[
    'batchSize',
    'epochs',
    'accumulate',
    'seeds',
    'name',
    'monitor',
    'split',
    'optimizer',
    'schedule',
    'loss',
    'model',
  ],
  ...['regularizers', 'clip', 'averaging', 'mixup', 'evaluation', 'earlyStopping', 'record'],
]

/** Another experiment with the setting at a path replaced: what `experiment.set` does. */
export function setting(current: Experiment, options: ExperimentOptions, path: string, value: unknown): Experiment {
  const [head = '', ...rest] = path.split('.')
  const refuse = (why: string): never => {
    throw new UsageError(`--set ${path}: ${why}`)
  }
  switch (head) {
    case 'batchSize':
    case 'epochs':
    case 'accumulate':
      return rest.length > 0 || typeof value !== 'number'
        ? refuse(`${head} is a number`)
        : current.with({ [head]: value })
    case 'monitor':
      return rest.length > 0 ? refuse('monitor is a text') : current.with({ monitor: String(value) })
    case 'clip':
    case 'evaluation': {
      const [option, ...deeper] = rest
      if (option === undefined || deeper.length > 0) return refuse(`name one of its options, as in ${OPTION_OF[head]}`)
      return current.with({
        [head]: head === 'clip' ? { [option]: value } : { ...options.evaluation, [option]: value },
      })
    }
    case 'schedule':
    case 'averaging':
    case 'mixup':
    case 'earlyStopping':
      return current.with({ [head]: changePart(current[head], head, rest, value, refuse) })
    case 'record':
      return current.with({ record: recordWith(current.record, rest, value) })
    case 'regularizers': {
      const [place = '', ...option] = rest
      const one = current.regularizers[Number(place)]
      if (one === undefined) return refuse(`there are ${current.regularizers.length} regularisers, numbered from 0`)
      const changed = changePart(one, `regularizers.${place}`, option, value, refuse)
      return current.with({ regularizers: current.regularizers.map((other) => (other === one ? changed : other)) })
    }
    case 'name':
      return rest.length > 0 ? refuse('name is a text') : current.with({ name: String(value) })
    case 'seeds': {
      if (rest.length > 0) return refuse('seeds is one list, as in 0,1,2')
      const seeds = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',').map(Number) : [value]
      return current.with({ seeds: parseConfig(`--set ${path}`, scalars.shape.seeds, seeds) })
    }
    case 'split': {
      const { split } = current
      if (rest.length > 0 && isStrategy(split)) return current.with({ split: split.with({ [rest.join('.')]: value }) })
      return current.with({
        split: parsedSplit(path, rest.length === 0 ? value : { ...split, [rest.join('.')]: value }),
      })
    }
    case 'optimizer': {
      const [option, ...deeper] = rest
      if (option === undefined || deeper.length > 0) return refuse('name one of its options, as in optimizer.lr')
      return current.with({ optimizer: options.optimizer.with({ [option]: value }) })
    }
    case 'loss': {
      const [option, ...deeper] = rest
      if (option === undefined || deeper.length > 0 || options.loss.with === undefined)
        return refuse(`${options.loss.kind} has no such option`)
      return current.with({ loss: options.loss.with({ [option]: value }) })
    }
    case 'model':
      return current.with({ model: changeLayer(options.model, rest, value, path) })
    default:
      return refuse(`an experiment has no "${head}" to set; it has ${SETTABLE.join(', ')}`)
  }
}

const OPTION_OF = { clip: 'clip.norm', evaluation: 'evaluation.everySteps' } as const

interface Part<P> {
  readonly kind: string
  with?(changes: Readonly<Record<string, unknown>>): P
}

/** A part of an experiment with one of its options replaced. */
function changePart<P extends Part<P>>(
  part: P | undefined,
  what: string,
  path: readonly string[],
  value: unknown,
  refuse: (why: string) => never,
): P {
  if (part === undefined) return refuse(`the experiment has no ${what}: give it one in its file`)
  if (path.length === 0) return refuse(`name one of the options of ${part.kind}`)
  if (part.with === undefined) return refuse(`${part.kind} has nothing to set`)
  return part.with({ [path.join('.')]: value })
}

/** Whether a split is given as a strategy, and not by options. */
export const isStrategy = (split: Experiment['split']): split is HoldOutStrategy =>
  typeof split === 'object' && split !== null && 'kind' in split

function parsedSplit(path: string, value: unknown): SplitOptions {
  const { validation, stratify, seed } = parseConfig(`--set ${path}`, holdOutSchema, value)
  return { validation, ...(stratify !== undefined && { stratify }), ...(seed !== undefined && { seed }) }
}

/** Walks down the children and changes one option of the layer at the end. */
function changeLayer(model: Layer, [name, ...rest]: readonly string[], value: unknown, path: string): Layer {
  const child = name === undefined ? undefined : model.children?.[name]
  const has = Object.keys(model.children ?? model.config).join(', ') || 'nothing to set'
  if (name === undefined || model.with === undefined || (model.children !== undefined && child === undefined))
    throw new UsageError(`--set ${path}: ${model.kind} has no "${name ?? ''}"; it has ${has}`)
  if (child !== undefined) return model.with({ [name]: changeLayer(child, rest, value, path) })
  if (rest.length > 0)
    throw new UsageError(`--set ${path}: ${model.kind} has no "${[name, ...rest].join('.')}"; it has ${has}`)
  return model.with({ [name]: value })
}
