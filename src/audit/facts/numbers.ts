import {
  type AuditedGroup,
  type AuditedRun,
  type Facts,
  finishedRuns,
  groupScore,
  leavesOf,
  metricsOn,
  quoted,
} from './facts.ts'
import type { NumberFact, Quantity } from './numberFact.ts'
import { isShare, numberText, scoreText, spaced } from './writing.ts'

/** Sizes of data sets as they are distributed, of which a run may use a part. */
const SIZES: Readonly<Record<string, readonly number[]>> = {
  mnist: [60_000, 10_000, 70_000],
  fashionMnist: [60_000, 10_000, 70_000],
  cifar10: [50_000, 10_000, 60_000],
}

const QUANTITY_OF_SETTING: Readonly<Record<string, Quantity>> = {
  epochs: 'epochs',
  batchSize: 'batchSize',
  lr: 'learningRate',
  weightDecay: 'weightDecay',
  momentum: 'momentum',
  p: 'dropout',
}

/** Several checks ask for the numbers of the same facts. */
const kept = new WeakMap<Facts, readonly NumberFact[]>()

/** Every number of the facts that prose may say. */
export function numbersOf(facts: Facts): readonly NumberFact[] {
  const found = kept.get(facts) ?? gathered(facts)
  kept.set(facts, found)
  return found
}

function gathered({ groups }: Facts): NumberFact[] {
  const all = [...groups.flatMap(numbersOfGroup), ...countsOf(groups)]
  const seen = new Set<string>()
  return all.filter(({ quantity, what, value }) => {
    const key = `${quantity} ${what} ${value}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function countsOf(groups: readonly AuditedGroup[]): NumberFact[] {
  const runs = groups.flatMap((group) => group.runs)
  const all = runs.reduce((sum, { manifest }) => sum + secondsOf(manifest).reduce((a, b) => a + b, 0), 0)
  const finished = runs.filter(({ manifest }) => manifest.status === 'finished').length
  const axes = new Set(groups.flatMap(({ labels }) => Object.keys(labels)))
  const count = (quantity: Quantity, what: string, value: number): NumberFact => ({
    ...{ quantity, what, value },
    text: numberText(value),
  })
  return [
    count('runs', 'number of runs', runs.length),
    count('runs', 'finished runs', finished),
    count('runs', 'runs that did not finish', runs.length - finished),
    {
      ...count('time', 'duration of all runs', all),
      text: `${numberText(all)} s`,
    },
    count('seeds', 'number of seeds', new Set(runs.map(({ manifest }) => manifest.seed)).size),
    ...groups.map((group) => count('seeds', `seeds of ${group.label}`, group.runs.length)),
    count('groups', 'number of groups', groups.length),
    count('groups', 'number of experiments', new Set(groups.map(({ name }) => name)).size),
    ...[...axes].map((axis) => {
      return count('groups', `values of ${axis}`, new Set(groups.map(({ labels }) => labels[axis])).size)
    }),
  ]
}

function numbersOfGroup(group: AuditedGroup): NumberFact[] {
  return [...group.runs.flatMap((run) => numbersOfRun(group, run)), ...meansOf(group)]
}

/** The mean over the seeds, its interval, and how many samples were right or wrong. */
function meansOf(group: AuditedGroup): NumberFact[] {
  return ['train', 'validation', 'test'].flatMap((split) =>
    metricsOn(group, split).flatMap((metric): NumberFact[] => {
      const score = groupScore(group, split, metric)
      if (score === undefined) return []
      const { expression } = group
      const at = `${expression}.${split}.${metric}`
      const fact = (what: string, value: number, own: string): NumberFact => ({
        quantity: 'score',
        what: `${what}${split} ${spaced(metric)} of ${group.label}`,
        ...{ value, metric, text: scoreText(metric, value), expression: own, groups: [group.id] },
      })
      const values = finishedRuns(group).flatMap(({ summary }) => summary[split]?.[metric]?.last ?? [])
      const sd =
        values.length > 1
          ? Math.sqrt(values.reduce((sum, value) => sum + (value - score.mean) ** 2, 0) / (values.length - 1))
          : undefined
      return [
        fact('', score.mean, at),
        ...(sd === undefined ? [] : [fact('standard deviation of the ', sd, `${at}.std`)]),
        ...(score.interval === undefined || split !== 'test'
          ? []
          : [
              fact('lower end of the interval of the ', score.interval.low, `${at}.low`),
              fact('upper end of the interval of the ', score.interval.high, `${at}.high`),
            ]),
      ]
    }),
  )
}

function numbersOfRun(group: AuditedGroup, { id, manifest, summary }: AuditedRun): NumberFact[] {
  const own = group.runs.length === 1 ? group.expression : `run(${quoted(id)})`
  const owner = group.runs.length === 1 ? group.label : `${group.label}, seed ${manifest.seed}`
  const fact = (quantity: Quantity, what: string, value: number, path?: string): NumberFact => ({
    ...{ quantity, value, what: `${what} of ${owner}`, text: numberText(value), groups: [group.id] },
    ...(path !== undefined && { expression: `${own}.${path}` }),
  })
  const { model, data, machine, experiment } = manifest
  const { train, validation, test } = data.splits
  const classes = data.classes?.length
  return [
    fact('parameters', 'parameters', model.parameters, 'parameters'),
    ...model.layers.flatMap((layer) =>
      typeof layer.parameters === 'number'
        ? [fact('parameters', `parameters of layer ${String(layer.name)}`, layer.parameters)]
        : [],
    ),
    ...Object.entries({ train, validation, test }).map(([split, count]) =>
      fact('samples', `${split} samples`, count, `data.${split}`),
    ),
    fact('samples', 'training and validation samples', train + validation),
    fact('samples', 'samples', train + validation + test),
    ...(SIZES[data.name] ?? []).map((size) => fact('samples', `samples of the whole ${data.name}`, size)),
    ...(classes === undefined
      ? []
      : [
          fact('classes', 'classes', classes, 'data.classes'),
          {
            ...fact('score', 'accuracy of guessing', 1 / classes),
            text: scoreText('accuracy', 1 / classes),
            metric: 'accuracy',
          },
          { ...fact('score', 'loss of guessing', Math.log(classes)), metric: 'loss' },
        ]),
    ...[...data.inputShape, data.inputShape.reduce((product, size) => product * size, 1)].map((size) =>
      fact('setting', 'numbers of a sample', size),
    ),
    fact('cores', 'cores of the machine', machine.cores, 'machine.cores'),
    fact('memory', 'GiB of memory', machine.memoryGB),
    ...secondsOf(manifest).map((seconds) => ({
      ...fact('time', 'duration', seconds, 'duration'),
      text: `${numberText(seconds)} s`,
    })),
    ...leavesOf(experiment).flatMap(([path, value]) => {
      if (typeof value !== 'number' || path.startsWith('seeds')) return []
      const quantity = QUANTITY_OF_SETTING[path.split('.').at(-1) ?? ''] ?? 'setting'
      const short = path === 'optimizer.lr' ? 'lr' : path
      const at = /^(epochs|batchSize|lr)$/.test(short) ? short : `settings[${quoted(path)}]`
      return [
        fact(
          quantity,
          path === 'optimizer.lr' ? 'learning rate' : spaced(path),
          value,
          path.startsWith('model') ? undefined : at,
        ),
      ]
    }),
    ...Object.entries(summary).flatMap(([split, metrics]) =>
      Object.entries(metrics).flatMap(([metric, { last, best, bestEpoch, lastEpoch }]): NumberFact[] => {
        const at = `${own}.${split}.${metric}`
        const score = (what: string, value: number, expression: string): NumberFact => ({
          ...{ quantity: 'score', what: `${what}${split} ${spaced(metric)} of ${owner}`, value, metric, expression },
          ...{ text: scoreText(metric, value), groups: [group.id] },
        })
        const count = samples(data.splits, split)
        const wrong = Math.round(count * (1 - last))
        return [
          score('', last, at),
          score('best epoch’s ', best, `${at}.best`),
          fact('epochs', `best epoch by ${split} ${spaced(metric)}`, bestEpoch, `${split}.${metric}.bestEpoch`),
          fact('epochs', 'last epoch', lastEpoch, `${split}.${metric}.lastEpoch`),
          ...(isShare(metric) ? [{ ...score('1 − ', 1 - last, `1 - ${at}`), text: scoreText(metric, 1 - last) }] : []),
          ...(metric === 'accuracy' && count > 0
            ? [
                fact('samples', `wrong ${split} samples`, wrong),
                fact('samples', `right ${split} samples`, count - wrong),
              ]
            : []),
        ]
      }),
    ),
  ]
}

const samples = (splits: AuditedRun['manifest']['data']['splits'], split: string): number =>
  split === 'train' || split === 'validation' || split === 'test' ? splits[split] : 0

/** From begin to end. */
function secondsOf({ createdAt, finishedAt }: AuditedRun['manifest']): number[] {
  return finishedAt === undefined ? [] : [(Date.parse(finishedAt) - Date.parse(createdAt)) / 1000]
}
