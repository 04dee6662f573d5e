import { expect, describe as group, it } from 'vitest'
import { standardize } from '../data/index.ts'
import { mnist } from '../data/node.ts'
import { accuracy } from '../metrics/index.ts'
import { conv2d, crossEntropy, dropout, flatten, linear, relu, sequential } from '../nn/index.ts'
import { adam, parameterGroups, sgd } from '../optim/index.ts'
import { clouds } from '../testing/made.ts'
import { configHash, describe, experiment } from './index.ts'

const make = () =>
  experiment({
    name: 'described',
    data: mnist(),
    split: { stratify: true, validation: 10_000 },
    prepare: [standardize()],
    model: sequential({
      conv: conv2d(8, [3, 5], { padding: 'same', bias: false }),
      act: relu(),
      head: sequential(flatten(), dropout(0.25), linear(10)),
    }),
    loss: crossEntropy({ labelSmoothing: 0.1 }),
    optimizer: adam({ weightDecay: 1e-4, lr: 1e-3 }),
    epochs: 5,
    seeds: [0, 1],
    metrics: [accuracy()],
  })

group('describe', () => {
  it('is plain data that says everything', () => {
    expect(describe(make())).toEqual({
      name: 'described',
      data: { kind: 'mnist', ...mnist().config },
      split: { validation: 10_000, stratify: true },
      prepare: [{ kind: 'standardize' }],
      model: {
        kind: 'Sequential',
        children: {
          conv: { kind: 'Conv2d', outChannels: 8, kernel: [3, 5], padding: 'same', bias: false },
          act: { kind: 'ReLU' },
          head: {
            kind: 'Sequential',
            children: {
              0: { kind: 'Flatten' },
              1: { kind: 'Dropout', p: 0.25 },
              2: { kind: 'Linear', outFeatures: 10, bias: true },
            },
          },
        },
      },
      loss: { kind: 'crossEntropy', labelSmoothing: 0.1 },
      optimizer: { kind: 'adam', lr: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.0001 },
      schedule: { kind: 'constant' },
      batchSize: 64,
      epochs: 5,
      seeds: [0, 1],
      metrics: [{ kind: 'accuracy' }],
    })
    expect(JSON.parse(JSON.stringify(describe(make())))).toEqual(describe(make()))
  })
})

group('configHash', () => {
  const base = make()

  it('is the same for the same experiment, made again or written in another order', () => {
    expect(configHash(base, 0)).toMatch(/^[0-9a-f]{64}$/)
    expect(configHash(make(), 0)).toBe(configHash(base, 0))
    const reordered = base.with({
      optimizer: adam({ lr: 1e-3, weightDecay: 1e-4 }),
      split: { validation: 10_000, stratify: true },
    })
    expect(configHash(reordered, 0)).toBe(configHash(base, 0))
  })

  it('stays as it is from version to version: runs are found again by it', () => {
    expect(configHash(base.with({ data: { ...base.data, config: {} } }), 0)).toMatchInlineSnapshot(
      `"9403dbc55a427997e8a8f68c22d03e1c1825224e94c9939a9983948ae7bce5ed"`,
    )
  })

  it('does not depend on which other seeds are run, and depends on its own', () => {
    expect(configHash(base.with({ seeds: [0, 7] }), 0)).toBe(configHash(base, 0))
    expect(configHash(base, 1)).not.toBe(configHash(base, 0))
  })

  it('differs for every setting that a run depends on', () => {
    const named = (...names: readonly string[]) =>
      sequential(Object.fromEntries(names.map((name) => [name, name === 'act' ? relu() : linear(10)])))
    const others = [
      base.set('optimizer.lr', 0.01),
      base.with({ optimizer: sgd({ lr: 1e-3 }) }),
      base.set('model.head.1.p', 0.3),
      base.set('model.conv.bias', true),
      base.set('split.seed', 1),
      base.set('split.validation', 0.1),
      base.set('loss.labelSmoothing', 0),
      base.with({ prepare: [] }),
      base.with({ batchSize: 65 }),
      base.with({ epochs: 6 }),
      base.with({ data: clouds() }),
      base.with({ data: clouds({ seed: 1 }) }),
      // The order of layers is no order of options.
      base.with({ model: named('first', 'act', 'last') }),
      base.with({ model: named('act', 'first', 'last') }),
    ]
    const hashes = [base, ...others].map((one) => configHash(one, 0))
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})

group('a group of parameters', () => {
  it('is the same in whatever order its options are written', () => {
    const hashes = [
      [{ parameters: '*.bias', lr: 0.1, weightDecay: 0 }],
      [{ weightDecay: 0, lr: 0.1, parameters: '*.bias' }],
      [{ weightDecay: 0, lr: 0.2, parameters: '*.bias' }],
    ].map((groups) => configHash(make().with({ optimizer: parameterGroups(adam(), groups) }), 0))
    expect(hashes[0]).toBe(hashes[1])
    expect(hashes[0]).not.toBe(hashes[2])
  })
})
