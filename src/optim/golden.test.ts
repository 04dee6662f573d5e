import { describe, expect, it } from 'vitest'
import '../index.ts'
import { arrays } from '../data/index.ts'
import { crossEntropy } from '../nn/index.ts'
import { key, keyData } from '../random/index.ts'
import { readGolden } from '../testing/golden/formula.ts'
import { goldenNetwork } from '../testing/networks.ts'
import { experiment, prepare } from '../train/index.ts'
import { trainProgram } from '../train/programs.ts'
import { makeState } from '../train/state.ts'
import { adam, adamW, type Optimizer, sgd } from './index.ts'

type Golden = ReturnType<typeof readGolden<'training'>>[number]

function optimizerOf({ optimizer }: Golden): Optimizer {
  const { kind, ...options } = optimizer
  if (kind === 'sgd') return sgd({ ...options, lr: optimizer.lr })
  return kind === 'adam' ? adam(options) : adamW(options)
}

/** Losses before each of twenty steps on one batch, by the programs that `fit` runs. */
async function train(golden: Golden): Promise<number[]> {
  const { model, variables, x, labels, golden: network } = goldenNetwork(golden.network)
  const loss = crossEntropy()
  const optimizer = optimizerOf(golden)
  const data = arrays({
    name: 'golden',
    inputs: { data: x, shape: network.input.shape.slice(1) },
    targets: { task: 'classification', labels, classes: Array.from({ length: network.classes }, (_, i) => `${i}`) },
  })
  const prepared = await prepare(experiment({ name: 'golden', data, model, loss, optimizer, epochs: 1 }))
  const state = makeState(variables, optimizer)
  const program = await trainProgram({ prepared, loss, state }, labels.length)
  const losses: number[] = []
  for (let step = 1; step <= golden.losses.length; step++) {
    losses.push((await program.run({ inputs: x, targets: labels }, keyData(key(0)))).loss)
    state.update(step)
  }
  return losses
}

describe('twenty steps lose what they lose in PyTorch', () => {
  it.each(readGolden('training').map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    const losses = await train(golden)
    for (const [i, expected] of golden.losses.entries()) {
      const found = losses[i] ?? Number.NaN
      if (!(Math.abs(found - expected) <= Math.max(1e-6, 1e-4 * expected)))
        expect.fail(`step ${i + 1}: the loss is ${found} but PyTorch has ${expected}`)
    }
    // An optimiser that did nothing would agree on the first loss only, but say so.
    expect(losses.at(-1)).toBeLessThan(0.9 * (losses[0] ?? 0))
  })
})
