import { beforeAll, describe, expect, it, vi } from 'vitest'
import { key, normal } from '../../random/index.ts'
import {
  branch,
  choice,
  createStudy,
  float,
  importance,
  int,
  logFloat,
  random,
  type Searched,
  space,
} from '../../search/index.ts'
import { toSvg } from '../index.ts'
import {
  importanceBars,
  intermediateValues,
  parallelCoordinates,
  rateTable,
  searchContour,
  searchHistory,
  searchSlices,
} from './index.ts'

const of = space({
  lr: logFloat(1e-4, 1),
  units: int(16, 512, { log: true }),
  optimizer: branch({ adam: {}, sgd: { momentum: float(0, 1) } }),
  act: choice(['relu', 'tanh']),
})
const noise = normal(key(3), 60)
let study: Searched
let empty: Searched

beforeAll(async () => {
  const options = { name: 's', space: of, sampler: random(), direction: 'minimize', key: key(1), trials: 60 } as const
  empty = await createStudy(options).then(({ trials, direction }) => ({ space: of, trials, direction }))
  const running = await createStudy(options)
  for (let trial = await running.ask(); trial; trial = await running.ask()) {
    const { number, config } = trial
    const value =
      (Math.log10(config.lr) + 2) ** 2 +
      (config.optimizer.kind === 'sgd' ? config.optimizer.momentum : 0.5) +
      0.1 * (noise[number] ?? 0)
    for (const step of [1, 2, 3]) if (number % 5 !== 0 || step < 2) trial.report(step, value + 3 / step)
    if (number === 7) await running.tell(trial, { failed: 'the loss became NaN' })
    else if (number % 5 === 0) await running.tell(trial, { pruned: true })
    else await running.tell(trial, number === 11 ? 1e5 : value)
  }
  study = { space: of, trials: running.trials, direction: 'minimize' }
})

const svgOf = async (figure: { readonly spec: Parameters<typeof toSvg>[0] }): Promise<string> => {
  const warned = vi.spyOn(console, 'warn')
  const svg = await toSvg(figure.spec)
  expect(warned).not.toHaveBeenCalled()
  warned.mockRestore()
  return svg
}
const known = () => {
  const found = importance(study)
  if (found.kind === 'unknown') throw new Error(found.reason)
  return found
}

describe('searchHistory', () => {
  it('has every trial, with the best so far, and says where values are off the axis', async () => {
    const figure = searchHistory(study, { value: 'validation.loss' })
    expect(figure.rows).toHaveLength(60)
    expect(figure.rows[7]).toMatchObject({ state: 'failed', value: null })
    expect(figure.rows[5]).toMatchObject({ state: 'pruned (last value)', value: study.trials[5]?.reports[0]?.value })
    expect(figure.rows[11]).toMatchObject({ state: 'complete', value: 1e5 })
    const bests = figure.rows.flatMap(({ best }) => (typeof best === 'number' ? [best] : []))
    expect(bests).toEqual(bests.toSorted((a, b) => b - a))
    expect(figure.alt).toMatch(/^validation\.loss of 60 trials .* lower is better: 47 complete, 12 pruned, 1 failed\./)
    const svg = await svgOf(figure)
    for (const text of ['complete', 'pruned (last value)', 'failed', 'validation.loss (lower is better)'])
      expect(svg).toContain(`>${text}<`)
    expect(svg).toMatch(/[1-9] of 59 values lie beyond the axis/)
  })

  it('takes the mean of folds', () => {
    const { reports = [] } = study.trials[5] ?? {}
    const { rows } = searchHistory(study, { reports: 'folds' })
    const mean = reports.reduce((sum, { value }) => sum + value, 0) / reports.length
    expect(rows[5]).toMatchObject({ state: 'pruned (mean of its folds)', value: mean })
  })

  it('refuses a study without a value', () => {
    expect(() => searchHistory(empty)).toThrow('no trial of the study is complete yet')
  })
})

describe('parallelCoordinates', () => {
  it('has an axis a parameter, and gaps where a parameter is not there', async () => {
    const figure = parallelCoordinates(study)
    expect(figure.rows).toHaveLength(47 * 5)
    const inside = figure.rows.filter(({ parameter }) => parameter === 'optimizer/sgd/momentum')
    for (const { trial, setting } of inside) {
      const { optimizer } = of.configuration(study.trials[Number(trial)]?.point ?? [])
      expect(setting === null).toBe(optimizer.kind === 'adam')
    }
    const svg = await svgOf(figure)
    for (const text of ['lr', 'units', 'relu', 'adam', '0.01', 'momentum']) expect(svg).toContain(`>${text}<`)
  })

  it('draws the best of very many trials', () => {
    const trials = Array.from({ length: 2000 }, (_, number) => ({
      ...{ number, attempt: 0, config: {}, point: [0.01, 32, 0, undefined, 0], reports: [] },
      outcome: { state: 'complete' as const, value: 2000 - number },
    }))
    const { rows, alt } = parallelCoordinates(
      { space: of, trials, direction: 'minimize' },
      { parameters: ['lr', 'act'] },
    )
    expect(rows.length).toBeLessThan(2 * 320)
    expect(rows.at(-1)).toMatchObject({ trial: 1999, parameter: 'act', setting: 'relu' })
    expect(alt).toContain('of 2000 complete trials, the best among them')
  })
})

it('searchSlices has a panel a parameter, of the trials that have it', async () => {
  const figure = searchSlices(study)
  expect(figure.rows.filter(({ parameter }) => parameter === 'lr')).toHaveLength(47)
  expect(figure.rows.filter(({ parameter }) => parameter === 'optimizer/sgd/momentum').length).toBeLessThan(40)
  const svg = await svgOf(figure)
  for (const text of ['lr', 'optimizer/sgd/momentum', 'tanh', '1e-4']) expect(svg).toContain(`>${text}<`)
})

describe('searchContour', () => {
  it('shows what the forest expects of the two that matter most, with the trials', async () => {
    const figure = searchContour(study, known())
    expect(figure.alt).toMatch(/^Map of value over lr and /)
    expect(figure.rows.length).toBeGreaterThan(15)
    const own = searchContour(study, known(), { parameters: ['act', 'optimizer/sgd/momentum'], value: 'loss' })
    const svg = await svgOf(own)
    for (const text of ['relu', 'tanh', 'loss by act and optimizer/sgd/momentum']) expect(svg).toContain(`>${text}<`)
  })

  it('refuses parameters that are not there', () => {
    expect(() => searchContour(study, known(), { parameters: ['lr', 'momentum'] })).toThrow(
      'the space has no parameter momentum: give two of lr, units, optimizer, optimizer/sgd/momentum, act',
    )
  })
})

it('importanceBars has a bar a parameter and way, with its spread, and what nothing gets', async () => {
  const found = known()
  const figure = importanceBars(found)
  expect(figure.rows.filter(({ way }) => way === 'permutation')).toHaveLength(5)
  expect(figure.rows[0]).toMatchObject({
    parameter: 'lr',
    way: 'fANOVA',
    part: 'alone',
    value: found.parameters[0]?.alone.value,
  })
  expect(figure.alt).toMatch(/^Importance of 5 parameters by fANOVA, alone: lr \d+\.\d %/)
  expect(await svgOf(figure)).toContain('share of the variance over the space')
})

describe('rateTable', () => {
  it('counts every trial once in each parameter that it has, and takes the median', async () => {
    const figure = rateTable(study, { value: 'loss' })
    const count = (path: string): number =>
      figure.rows.reduce((sum, { parameter, trials }) => (parameter === path ? sum + Number(trials) : sum), 0)
    for (const path of ['units', 'optimizer', 'act']) expect(count(path)).toBe(47)
    expect(count('optimizer/sgd/momentum')).toBe(
      figure.rows.reduce((sum, { setting, trials }) => (setting === 'sgd' ? sum + Number(trials) : sum), 0),
    )
    const units = new Set(figure.rows.flatMap(({ parameter, setting }) => (parameter === 'units' ? [setting] : [])))
    expect([...units].sort()).toEqual(['16 to 37', '214 to 512', '38 to 89', '90 to 213'])
    const middle = figure.rows.filter(({ rate }) => rate === '0.01 to 0.046')
    for (const { median } of middle) expect(median).toBeLessThan(3)
    expect(await svgOf(figure)).toContain('loss by lr and every other parameter')
  })

  it('wants a rate', () => {
    expect(() => rateTable(study, { rate: 'speed' })).toThrow('no parameter speed: give one of lr, units')
  })
})

describe('intermediateValues', () => {
  it('draws trials as far as they came', async () => {
    const figure = intermediateValues(study, { step: 'epoch' })
    const ofState = (wanted: string) =>
      new Set(figure.rows.flatMap(({ state, trial }) => (state === wanted ? [trial] : [])))
    expect(ofState('best').size).toBe(1)
    expect(ofState('complete').size).toBe(46)
    expect(ofState('pruned').size).toBe(12)
    const svg = await svgOf(figure)
    for (const text of ['best', 'complete', 'pruned', 'epoch']) expect(svg).toContain(`>${text}<`)
  })

  it('refuses a study without reports', () => {
    expect(() => intermediateValues(empty)).toThrow('no trial has reported a value')
  })
})
