import { describe, expect, it } from 'vitest'
import '../index.ts'
import { arrays, standardize } from '../data/index.ts'
import { accuracy } from '../metrics/index.ts'
import {
  constantInit,
  conv2d,
  crossEntropy,
  flatten,
  linear,
  maxPool2d,
  mse,
  relu,
  sequential,
  stateDict,
  tanh,
  zerosInit,
} from '../nn/index.ts'
import { adamW, cosine, reduceOnPlateau, sgd } from '../optim/index.ts'
import { expectClose } from '../testing/check.ts'
import { classify, convolve } from '../testing/experiments.ts'
import { sine, stripes } from '../testing/made.ts'
import {
  DivergedError,
  type EpochReport,
  type Experiment,
  experiment,
  fitPopulation,
  type Member,
  type MemberResult,
  type Prepared,
  prepare,
  fit as train,
} from './index.ts'
import { membersTogether } from './populationSize.ts'

const pooled = experiment({
  name: 'pooled-stripes',
  data: stripes(40),
  split: { validation: 8 },
  prepare: [standardize()],
  model: sequential(conv2d(3, 3, { padding: 1 }), relu(), maxPool2d(2), conv2d(4, 2), tanh(), flatten(), linear(2)),
  loss: crossEntropy(),
  optimizer: sgd({ lr: 0.05, momentum: 0.9 }),
  schedule: cosine(),
  batchSize: 12,
  epochs: 2,
  metrics: [accuracy()],
})

const line = experiment({
  name: 'sine',
  data: sine(50),
  model: sequential(linear(7), tanh(), linear(1)),
  loss: mse(),
  optimizer: adamW({ lr: 0.01 }),
  batchSize: 16,
  epochs: 3,
})

interface Course {
  readonly losses: readonly number[]
  readonly reports: readonly EpochReport[]
  readonly result: Pick<MemberResult, 'state' | 'position' | 'evaluate' | 'status'>
}

/** What `fit` does with a member's seed and settings. */
async function alone(
  of: Experiment,
  prepared: Prepared,
  { seed, prepared: own = prepared, ...settings }: Member,
): Promise<Course> {
  const losses: number[] = []
  const reports: EpochReport[] = []
  const result = await train(of.with({ optimizer: of.optimizer.with(settings) }), own, seed, {
    onStep: ({ loss }) => losses.push(loss),
    onEpoch: (report) => void reports.push(report),
  })
  return { losses, reports, result }
}

async function together(of: Experiment, prepared: Prepared, members: readonly Member[]): Promise<Course[]> {
  const losses = members.map((): number[] => [])
  const reports = members.map((): EpochReport[] => [])
  const results = await fitPopulation(of, prepared, members, {
    onStep: ({ member, loss }) => losses[member]?.push(loss),
    onEpoch: ({ member, ...report }) => void reports[member]?.push(report),
  })
  return results.map((result, k) => ({ losses: losses[k] ?? [], reports: reports[k] ?? [], result }))
}

/** Float32 rounds otherwise in another order of sums, and steps carry it on. */
const TOLERANCE = 1e-4

function expectNear(what: string, found: ArrayLike<number>, expected: ArrayLike<number>): void {
  const inDoubles = (data: ArrayLike<number>) => ({ shape: [data.length], data: Float64Array.from(data) })
  expectClose(inDoubles(found), inDoubles(expected), TOLERANCE, what)
}

async function expectSame(name: string, found: Course, expected: Course, prepared: Prepared): Promise<void> {
  expect(found.result.status).toBe('finished')
  expect(found.result.position).toEqual(expected.result.position)
  expectNear(`${name}: losses`, found.losses, expected.losses)
  const scores = ({ reports }: Course) =>
    reports.flatMap(({ train, validation }) => [train, validation ?? {}].flatMap((split) => Object.values(split)))
  expectNear(`${name}: scores`, scores(found), scores(expected))
  expect(found.reports.map(({ epoch, step }) => [epoch, step])).toEqual(
    expected.reports.map(({ epoch, step }) => [epoch, step]),
  )
  const [weights, others] = [found, expected].map(({ result }) => stateDict(result.state.variables))
  expect(Object.keys(weights ?? {})).toEqual(Object.keys(others ?? {}))
  for (const [path, { data }] of Object.entries(weights ?? {}))
    expectNear(`${name}: ${path}`, data, others?.[path]?.data ?? [])
  const [own, lone] = await Promise.all([found, expected].map(({ result }) => result.evaluate(prepared.train)))
  expectNear(`${name}: evaluation`, [own?.loss ?? Number.NaN], [lone?.loss ?? Number.NaN])
}

describe('each member is what fit makes of its seed and settings', () => {
  it.each<readonly [string, Experiment, readonly Omit<Member, 'seed'>[]]>([
    ['a dense network with dropout, adam', classify, [{}, { lr: 0.005 }, { weightDecay: 0.1 }]],
    ['the same, adamW', classify.with({ optimizer: adamW({ lr: 0.01 }) }), [{}, { lr: 0.03, weightDecay: 0.3 }]],
    ['a convolutional one with batch norm, sgd with momentum', convolve, [{}, { lr: 0.01, weightDecay: 0.05 }, {}]],
    ['one with pools and a schedule', pooled, [{}, { lr: 0.1 }, { weightDecay: 0.2 }]],
    [
      'a rate that falls on plateaus of its own scores',
      pooled.with({ epochs: 4, schedule: reduceOnPlateau({ patience: 0, threshold: 1, factor: 0.1 }) }),
      [{}, { lr: 0.1 }],
    ],
    [
      'one that is evaluated after every other epoch and the last',
      pooled.with({
        epochs: 5,
        evaluation: { everyEpochs: 2 },
        schedule: reduceOnPlateau({ patience: 0, threshold: 1 }),
      }),
      [{}, { lr: 0.1 }],
    ],
    ['a regression, adam', line, [{ lr: 0.02 }, { lr: 0.001, weightDecay: 0.5 }]],
  ])('%s', async (_, of, settings) => {
    const prepared = await prepare(of)
    const members = settings.map((own, k) => ({ seed: 3 * k, ...own }))
    const found = await together(of, prepared, members)
    expect(found).toHaveLength(members.length)
    for (const [k, member] of members.entries()) {
      const course = found[k]
      if (course === undefined) throw new Error('a member has no result')
      await expectSame(`member ${k}`, course, await alone(of, prepared, member), prepared)
    }
    const [first, second] = found
    expect(first?.losses).not.toEqual(second?.losses)
  })

  it('with data of its own, as many as others have or not', async () => {
    const prepared = await prepare(classify)
    const fold = async (seed: number, validation: number) => prepare(classify.with({ split: { validation, seed } }))
    const members = [
      { seed: 0, prepared: await fold(1, 0.2) },
      { seed: 1 },
      { seed: 2, lr: 0.01, prepared: await fold(2, 0.4) },
      { seed: 2, prepared: await fold(3, 0.4) },
    ]
    const found = await together(classify, prepared, members)
    for (const [k, member] of members.entries()) {
      const course = found[k]
      if (course === undefined) throw new Error('a member has no result')
      await expectSame(`member ${k}`, course, await alone(classify, prepared, member), prepared)
    }
  })

  it('bit for bit, where there is only one', async () => {
    const prepared = await prepare(convolve)
    const [found] = await together(convolve, prepared, [{ seed: 2, lr: 0.02 }])
    const expected = await alone(convolve, prepared, { seed: 2, lr: 0.02 })
    expect(found?.losses).toEqual(expected.losses)
    expect(found?.reports).toEqual(expected.reports)
    expect(found?.result.state.flat.parameters).toEqual(expected.result.state.flat.parameters)
  })

  it('bit for bit the same when trained again', async () => {
    const prepared = await prepare(convolve)
    const members = [{ seed: 0 }, { seed: 1 }]
    const [once, again] = [await together(convolve, prepared, members), await together(convolve, prepared, members)]
    expect(again.map(({ losses }) => losses)).toEqual(once.map(({ losses }) => losses))
    expect(again.map(({ result }) => stateDict(result.state.variables))).toEqual(
      once.map(({ result }) => stateDict(result.state.variables)),
    )
  })
})

describe('a member that diverges', () => {
  it('stands still and says why, while the others go on', async () => {
    const prepared = await prepare(line)
    const members = [{ seed: 0 }, { seed: 1, lr: 1e30 }, { seed: 2 }]
    const losses: number[] = []
    const results = await fitPopulation(line, prepared, members, {
      onStep: ({ member, loss }) => void (member === 1 && losses.push(loss)),
    })
    expect(results.map(({ status }) => status)).toEqual(['finished', 'diverged', 'finished'])
    const [, diverged] = results
    if (diverged?.status !== 'diverged') throw new Error('the second diverged')
    expect(diverged.error).toBeInstanceOf(DivergedError)
    expect(diverged.error.message).toMatch(
      /^the loss became (Infinity|NaN) in epoch 1, step [23]: try a learning rate below 1e\+30/,
    )
    expect(diverged.position).toEqual({ epoch: 0, step: losses.length - 1 })
    expect(losses.slice(0, -1).every(Number.isFinite)).toBe(true)
    for (const k of [0, 2]) {
      const result = results[k]
      if (result === undefined) throw new Error('a member has no result')
      const lone = await alone(line, prepared, members[k] ?? { seed: k })
      const [weights, others] = [result, lone.result].map(({ state }) => state.parameters)
      weights?.forEach((data, i) => {
        expectNear(`member ${k}`, data, others?.[i] ?? [])
      })
    }
  })

  it('keeps the running statistics that it had, too', async () => {
    const of = convolve.with({ optimizer: sgd({ lr: 0.05 }), epochs: 1 })
    const prepared = await prepare(of)
    const buffersOf = ({ state }: Pick<MemberResult, 'state'>) => [...state.buffers.values()].map((data) => [...data])
    const [, diverged, large] = await fitPopulation(of, prepared, [{ seed: 0 }, { seed: 1, lr: 1e38 }, { seed: 2 }])
    if (diverged?.status !== 'diverged' || large === undefined) throw new Error('the second diverged')
    const { step } = diverged.position
    let asked = 0
    const before = await train(of.with({ optimizer: sgd({ lr: 1e38 }) }), prepared, 1, {
      shouldStop: () => asked++ === step,
    })
    expect(before.position.step).toBe(step)
    buffersOf(diverged).forEach((data, i) => {
      expectNear(`statistics ${i}`, data, buffersOf(before)[i] ?? [])
    })
    expect(buffersOf(large)).not.toEqual(buffersOf(diverged))
  })

  it('does so at a gradient that is no finite number, as fit does', async () => {
    const far = line.with({
      data: arrays({
        name: 'far',
        inputs: { data: Float32Array.of(1e20, -1e20), shape: [1] },
        targets: { task: 'regression', values: Float32Array.of(1, 2), shape: [1] },
      }),
      model: linear(1, { init: constantInit(0.05), biasInit: zerosInit() }),
    })
    const prepared = await prepare(far)
    const message = /^a gradient is no finite number any more in epoch 1, step 1/
    await expect(train(far, prepared, 0)).rejects.toThrow(message)
    for (const result of await fitPopulation(far, prepared, [{ seed: 0 }, { seed: 1 }])) {
      if (result.status !== 'diverged') throw new Error('both diverge')
      expect(result.error.message).toMatch(message)
      expect(result.position).toEqual({ epoch: 0, step: 0 })
      expect([...result.state.flat.parameters.subarray(0, 2)].sort()).toEqual([0, Math.fround(0.05)])
    }
  })

  it('ends the training when it is the last', async () => {
    const prepared = await prepare(line)
    let steps = 0
    const results = await fitPopulation(
      line,
      prepared,
      [
        { seed: 0, lr: 1e30 },
        { seed: 1, lr: 1e31 },
      ],
      {
        onStep: () => {
          steps++
        },
      },
    )
    expect(results.map(({ status }) => status)).toEqual(['diverged', 'diverged'])
    expect(steps).toBeLessThan(8)
  })
})

describe('fitPopulation', () => {
  it('stops when asked to, before a step of all', async () => {
    const prepared = await prepare(line)
    let asked = 0
    const started: unknown[] = []
    const results = await fitPopulation(line, prepared, [{ seed: 0 }, { seed: 1 }], {
      onStart: (start) => void started.push(start),
      shouldStop: () => asked++ === 5,
    })
    expect(started).toEqual([{ stepsPerEpoch: 4, members: [0, 1] }])
    expect(results.map(({ status, position }) => [status, position])).toEqual([
      ['interrupted', { epoch: 1, step: 5 }],
      ['interrupted', { epoch: 1, step: 5 }],
    ])
  })

  it('trains as many together as fit in the cache, then the others', async () => {
    const prepared = await prepare(line)
    const started: number[][] = []
    const members = Array.from({ length: 66 }, (_, seed) => ({ seed }))
    const short = line.with({ epochs: 1 })
    const results = await fitPopulation(short, prepared, members, {
      onStart: (start) => void started.push([...start.members]),
    })
    expect(started.map(({ length }) => length)).toEqual([33, 33])
    expect(started.flat()).toEqual(members.map(({ seed }) => seed))
    for (const seed of [0, 32, 33, 65]) {
      const { result } = await alone(short, prepared, { seed })
      expectNear(`member ${seed}`, results[seed]?.state.flat.parameters ?? [], result.state.flat.parameters)
    }
    const large = line.with({ model: sequential(linear(300), linear(300), linear(1)) })
    expect(membersTogether(line, prepared)).toBe(64)
    expect(membersTogether(large, await prepare(large))).toBe(5)
  })

  it('names what it cannot do', async () => {
    const prepared = await prepare(line)
    await expect(fitPopulation(line, prepared, [])).rejects.toThrow(/^fitPopulation: there are no members/)
    await expect(fitPopulation(line, prepared, [{ seed: 0, lr: -1 }])).rejects.toThrow(/^adamW: lr is -1/)
  })
})
