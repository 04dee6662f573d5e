/**
 * The networks of the golden files, built from layers under PyTorch's names, and their inputs.
 *
 * @module
 */
import {
  batchNorm2d,
  conv2d,
  flatten,
  globalAvgPool2d,
  initialize,
  type Layer,
  linear,
  loadStateDict,
  maxPool2d,
  relu,
  residual,
  sequential,
  stateDict,
  type Variables,
} from '../nn/index.ts'
import { key } from '../random/index.ts'
import { count, fill, labels, readGolden } from './golden/formula.ts'

const conv3x3 = (channels: number, stride = 1): Layer => conv2d(channels, 3, { stride, padding: 1, bias: false })

/** torchvision's BasicBlock and the ReLU after it. */
function basicBlock(channels: number, stride: number): Layer {
  const body = sequential({
    conv1: conv3x3(channels, stride),
    bn1: batchNorm2d(),
    relu: relu(),
    conv2: conv3x3(channels),
    bn2: batchNorm2d(),
  })
  const shortcut = sequential(conv2d(channels, 1, { stride, bias: false }), batchNorm2d())
  return residual(body, stride === 1 ? {} : { shortcut })
}

export const convNet = (): Layer =>
  sequential(
    ...[conv2d(4, 3, { padding: 1 }), batchNorm2d(), relu(), maxPool2d(2)],
    ...[conv2d(6, 3, { padding: 1 }), relu(), maxPool2d(2), flatten(), linear(10)],
  )

export const residualNet = (first = 8, second = 12): Layer =>
  sequential({
    conv1: conv3x3(first),
    bn1: batchNorm2d(),
    relu: relu(),
    layer1: sequential(basicBlock(first, 1), relu()),
    layer2: sequential(basicBlock(second, 2), relu()),
    pool: globalAvgPool2d(),
    flatten: flatten(),
    fc: linear(10),
  })

const networks = {
  dense: () => sequential(linear(16), relu(), linear(12), relu(), linear(10)),
  convNet,
  residual: () => residualNet(),
}

export type GoldenNetwork = ReturnType<typeof readGolden<'networks'>>[number]

/** A golden case with the same network here: model, weights from the formula, one batch. */
export function goldenNetwork(name: string): {
  readonly golden: GoldenNetwork
  readonly model: Layer
  readonly variables: Variables
  readonly x: Float32Array
  readonly labels: Int32Array
} {
  const golden = readGolden('networks').find((one) => one.name === name)
  const build = Object.entries(networks).find(([known]) => known === name)?.[1]
  if (golden === undefined || build === undefined) throw new Error(`there is no golden network ${name}`)
  const model = build()
  const { shape, phase, scale, offset } = golden.input
  const fresh = initialize(model, key(0), shape.slice(1))
  const given = Object.fromEntries(
    golden.parameters.map((one) => [
      one.name,
      { shape: one.shape, data: fill(count(one.shape), one.phase, one.scale, one.offset) },
    ]),
  )
  const buffers = stateDict({ parameters: {}, buffers: fresh.buffers })
  return {
    golden,
    model,
    variables: loadStateDict(fresh, { ...given, ...buffers }),
    x: fill(count(shape), phase, scale, offset),
    labels: labels(shape[0] ?? 0, golden.classes),
  }
}
