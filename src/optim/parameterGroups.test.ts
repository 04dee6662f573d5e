import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  adagrad,
  adam,
  adamW,
  lion,
  makeUpdater,
  makeUpdaters,
  nadam,
  type Optimizer,
  parameterGroups,
  radam,
  sgd,
  type Updater,
} from './index.ts'

const parameters = [
  { path: 'features.0.weight', shape: [2, 3] },
  { path: 'features.0.bias', shape: [3] },
  { path: 'features.1.bias', shape: [2] },
  { path: '1.weight', shape: [5] },
  { path: '1.bias', shape: [1] },
]

/** Three steps from fixed numbers, and what came of them. */
function trained(updater: Updater, optimizer: Optimizer): readonly number[] {
  updater.parameters.view.forEach((_, i, view) => {
    view[i] = Math.sin(i + 1)
  })
  for (let step = 1; step <= 3; step++) {
    updater.gradients.view.forEach((_, i, view) => {
      view[i] = Math.cos(i * step)
    })
    updater.step(step, optimizer.lr * 0.5 ** step)
  }
  return [...updater.parameters.view, ...optimizer.state.flatMap((name) => [...(updater.state[name]?.view ?? [])])]
}

describe('groups', () => {
  const bases = [sgd({ lr: 0.1, momentum: 0.5 }), adam(), adamW(), nadam(), radam(), adagrad(), lion()]
  it.each(bases.map((base) => [base.kind, base] as const))(
    'of one kind update as one optimiser does: %s',
    (_, base) => {
      const one = trained(makeUpdater(base, parameters), base)
      const alike = parameterGroups(base, [
        { parameters: '*.bias' },
        { parameters: 'features.*', weightDecay: base.config.weightDecay },
      ])
      expect(trained(makeUpdater(alike, parameters), alike)).toEqual(one)
      const other = parameterGroups(base, [{ parameters: '*.bias', lr: base.lr / 2 }])
      expect(trained(makeUpdater(other, parameters), other)).not.toEqual(one)
    },
  )

  it('update each parameter as if it were alone, whatever the sizes', () => {
    const base = adamW({ lr: 0.1, weightDecay: 0.1 })
    const grouped = parameterGroups(base, [
      { parameters: 'a*', lr: 0.01 },
      { parameters: 'b*', weightDecay: 0 },
    ])
    const own = { a: base.with({ lr: 0.01 }), b: base.with({ weightDecay: 0 }), c: base }
    const some = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 9 })), { maxLength: 8 })
    fc.assert(
      fc.property(some, (list) => {
        const places = [['a', 3] as const, ['b', 2] as const, ...list].map(([name, size], i) => ({
          path: `${name}${i}`,
          shape: [size],
        }))
        const updater = makeUpdater(grouped, places)
        const start = updater.parameters.view.map((_, i) => Math.sin(i + 1))
        updater.parameters.view.set(start)
        updater.gradients.view.set(start.map((_, i) => Math.cos(i)))
        updater.step(1)
        let end = 0
        for (const { path, shape } of places) {
          const [begin, size] = [end, shape[0] ?? 0]
          end += size
          const alone = makeUpdater(path.startsWith('a') ? own.a : path.startsWith('b') ? own.b : own.c, [
            { path, shape },
          ])
          alone.parameters.view.set(start.subarray(begin, end))
          alone.gradients.view.set(updater.gradients.view.subarray(begin, end))
          alone.step(1)
          expect([...updater.parameters.view.subarray(begin, end)]).toEqual([...alone.parameters.view])
        }
      }),
      { numRuns: 50 },
    )
  })

  it('scale their learning rates as the schedule scales the optimiser’s', () => {
    const optimizer = parameterGroups(sgd({ lr: 0.5 }), [{ parameters: 'a', lr: 0.25 }])
    const updater = makeUpdater(optimizer, [
      { path: 'a', shape: [1] },
      { path: 'b', shape: [1] },
    ])
    updater.gradients.view.set([1, 1])
    updater.step(1)
    expect([...updater.parameters.view]).toEqual([-0.25, -0.5])
    updater.step(2, 0.25)
    expect([...updater.parameters.view]).toEqual([-0.375, -0.75])
  })

  it('are part of the configuration, and follow what the optimiser is changed to', () => {
    const groups = [{ parameters: '*.bias', weightDecay: 0 }]
    const optimizer = parameterGroups(adamW({ lr: 1e-3 }), groups)
    expect(optimizer).toMatchObject({ kind: 'adamW', lr: 1e-3, config: { lr: 1e-3, weightDecay: 0.01, groups } })
    expect(optimizer.formulas).toBeUndefined()
    const faster = optimizer.with({ lr: 1e-2, weightDecay: 0.2 })
    expect(faster.groups?.[0]?.optimizer.config).toMatchObject({ lr: 1e-2, weightDecay: 0 })
    const others = faster.with({ groups: [{ parameters: '1.*', lr: 1 }] })
    expect(others.groups?.[0]).toMatchObject({ parameters: '1.*', optimizer: { lr: 1, config: { weightDecay: 0.2 } } })
  })

  it('of several networks lie apart', () => {
    const grouped = [0.1, 0.2].map((lr) => parameterGroups(sgd({ lr }), [{ parameters: '*.bias', lr: 0.01 }]))
    const { members } = makeUpdaters(grouped, parameters)
    members.forEach((member, k) => {
      const alone = grouped[k]
      if (alone === undefined) throw new Error('there are as many members')
      expect(trained(member, alone)).toEqual(trained(makeUpdater(alone, parameters), alone))
    })
  })

  it('count the first that fits, and every other option that is a coefficient', () => {
    const optimizer = parameterGroups(adagrad({ lr: 1 }), [
      { parameters: '1.bias', lrDecay: 0.5 },
      { parameters: '*.bias', lr: 0.5 },
    ])
    const coefficients = optimizer.groups?.map(({ optimizer: { lr, config } }) => [lr, config.lrDecay])
    expect(coefficients).toEqual([
      [1, 0.5],
      [0.5, 0],
    ])
    const updater = makeUpdater(optimizer, parameters)
    updater.gradients.view.fill(1)
    updater.step(2)
    const moved = updater.parameters.view.map((value) => -value)
    const expected = [1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1, 1, 1 / 1.5]
    moved.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5)
    })
  })
})

describe('groups that cannot be are refused', () => {
  const base = sgd({ lr: 0.1, momentum: 0.9 })
  const step = (groups: readonly { parameters: string; lr?: number }[]) => () =>
    makeUpdater(parameterGroups(base, groups), parameters)
  it.each([
    [
      () => parameterGroups(base, [{ parameters: '*', momentum: 0.5 }]),
      /^parameterGroups: the group "\*" cannot have a momentum of its own: in sgd it is built into the update.* lr, weightDecay can differ$/,
    ],
    [
      () => parameterGroups(adam(), [{ parameters: '*', beta1: 0.5 }]),
      /cannot have a beta1 .*; lr, weightDecay can differ/,
    ],
    [() => parameterGroups(nadam(), [{ parameters: '*', beta2: 0.5 }]), /lr, weightDecay, momentumDecay can differ/],
    [() => parameterGroups(base, [{ parameters: '*', rate: 1 }]), /^sgd: no option "rate"/],
    [() => parameterGroups(base, [{ parameters: '*', lr: -1 }]), /^sgd: lr is -1/],
    [() => parameterGroups(base, []), /there are no groups/],
    [() => parameterGroups(base, JSON.parse('[{}]')), /a group has no pattern/],
    [() => parameterGroups(base, JSON.parse('[null]')), /a group has no pattern/],
    [() => parameterGroups(parameterGroups(base, [{ parameters: '*' }]), [{ parameters: '*' }]), /has groups already/],
    [() => parameterGroups(base, [{ parameters: '*' }]).with({ groups: 3 }), /there are no groups/],
    [
      step([{ parameters: 'feature.*' }]),
      /no parameter is named like "feature\.\*"; the parameters are features.0.weight, features.0.bias/,
    ],
    [step([{ parameters: '*.bias' }, { parameters: '1.bias', lr: 1 }]), /named like "1.bias" is in a group before it/],
  ])('%s', (make, message) => {
    expect(make).toThrow(message)
  })
})
