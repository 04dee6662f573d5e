import type { Part } from './network.ts'

/** What a network takes for one sample. */
export interface Cost {
  /** Trained numbers. */
  readonly parameters: number
  /** Multiplications that are added up, in the forward pass; normalisation, pooling and activations are not counted. */
  readonly multiplyAdds: number
}

/** Counts a network's parameters and multiply-adds: what peers must agree on, and what GFLOP/s are worked out from. */
export function costOf(network: readonly Part[], sample: readonly number[]): Cost {
  return walk(network, sample).cost
}

const none: Cost = { parameters: 0, multiplyAdds: 0 }

function walk(parts: readonly Part[], sample: readonly number[]): { cost: Cost; shape: readonly number[] } {
  return parts.reduce(
    ({ cost, shape }, part) => {
      const after = take(part, shape)
      return { cost: plus(cost, after.cost), shape: after.shape }
    },
    { cost: none, shape: sample },
  )
}

function take(part: Part, shape: readonly number[]): { cost: Cost; shape: readonly number[] } {
  const [channels = 1, height = 1, width = 1] = shape
  switch (part.kind) {
    case 'linear':
      return {
        cost: { parameters: (channels + 1) * part.outputs, multiplyAdds: channels * part.outputs },
        shape: [part.outputs],
      }
    case 'conv': {
      const out = (length: number): number => Math.floor((length + 2 * part.padding - part.kernel) / part.stride) + 1
      const weights = part.channels * channels * part.kernel ** 2
      return {
        cost: {
          parameters: weights + (part.bias ? part.channels : 0),
          multiplyAdds: weights * out(height) * out(width),
        },
        shape: [part.channels, out(height), out(width)],
      }
    }
    case 'batchNorm':
      return { cost: { parameters: 2 * channels, multiplyAdds: 0 }, shape }
    case 'maxPool':
      return { cost: none, shape: [channels, Math.floor(height / part.size), Math.floor(width / part.size)] }
    case 'globalAveragePool':
      return { cost: none, shape: [channels] }
    case 'flatten':
      return { cost: none, shape: [channels * height * width] }
    case 'relu':
      return { cost: none, shape }
    case 'residual': {
      const body = walk(part.body, shape)
      return { cost: plus(body.cost, walk(part.shortcut, shape).cost), shape: body.shape }
    }
  }
}

const plus = (a: Cost, b: Cost): Cost => ({
  parameters: a.parameters + b.parameters,
  multiplyAdds: a.multiplyAdds + b.multiplyAdds,
})
