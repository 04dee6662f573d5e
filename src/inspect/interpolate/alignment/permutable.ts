import { UsageError } from '../../../errors.ts'
import { describeLayer, type Layer } from '../../../nn/index.ts'
import { sizeOf } from '../../../tensor/index.ts'
import { type InspectedLayer, layersOf } from '../../activations.ts'
import { Groups, type UnitAxis, type UnitGroup } from './group.ts'

/** Units of a network that can change places without any output changing. */
export interface PermutableUnits {
  /** The layer that puts them out; of those that are added up, the first. */
  readonly path: string
  readonly size: number
  readonly axes: readonly UnitAxis[]
}

/** What flows between layers: along one axis of a sample lie units, each as a block. */
interface Signal {
  readonly group: UnitGroup
  readonly axis: number
  readonly block: number
}

/** A layer where it stands. */
interface Place extends Pick<InspectedLayer, 'path' | 'layer' | 'input' | 'output'> {}

/** What comes out of a layer, given what comes in; marks the weights along which units lie. */
type Rule = (signal: Signal, place: Place, groups: Groups) => Signal

/**
 * Which units of a network can change places, and along which axes of which weights, worked out from its layers: dense, convolutional,
 * normalising, pooling and elementwise ones in any nesting of sequential and residual.
 *
 * @param sample shape of one sample as the model gets it, after the preparation
 * @throws UsageError naming a layer of which it is not known what happens when its inputs change places, as one of one's own
 * @example
 * permutableUnits(leNet5(), [1, 28, 28]).map(({ path, size }) => `${path} ${size}`) // ['conv1 6', 'conv2 16', 'fc1 120', 'fc2 84']
 */
export function permutableUnits(model: Layer, sample: readonly number[]): PermutableUnits[] {
  const places = new Map(layersOf(model, sample).map((place) => [place.path, place]))
  const groups = new Groups()
  const out = walk(model, '', { group: groups.fixed, axis: 0, block: 1 }, { places, groups })
  groups.unite(out.group, groups.fixed)
  return groups.found().map(({ group: { path, size }, axes }) => ({ path, size, axes }))
}

interface Walk {
  readonly places: ReadonlyMap<string, Place>
  readonly groups: Groups
}

function walk(layer: Layer, path: string, signal: Signal, known: Walk): Signal {
  if (layer.kind === 'Sequential')
    return Object.entries(layer.children ?? {}).reduce(
      (before, [name, child]) => walk(child, join(path, name), before, known),
      signal,
    )
  if (layer.kind === 'Residual') return residual(layer, path, signal, known)
  const rule = Object.hasOwn(RULES, layer.kind) ? RULES[layer.kind] : undefined
  const place = known.places.get(path)
  if (rule === undefined || place === undefined)
    throw new UsageError(
      `units cannot be aligned: it is not known what happens to layer "${path}", ${describeLayer(layer)}, when its inputs change places; known are sequential and residual networks of ${Object.keys(RULES).join(', ')}`,
    )
  return rule(signal, place, known.groups)
}

/** The body's weights stand under the block's own path, but for a body of one layer. */
function residual({ children = {} }: Layer, path: string, signal: Signal, known: Walk): Signal {
  const { body, downsample, after } = children
  if (body === undefined) throw new Error(`the block ${path} has no body`)
  const main = walk(body, body.children === undefined ? join(path, 'body') : path, signal, known)
  const side = downsample === undefined ? signal : walk(downsample, join(path, 'downsample'), signal, known)
  const sum = added(main, side, known.groups)
  return after === undefined ? sum : walk(after, join(path, 'after'), sum, known)
}

/** What is added up must be in one order. */
function added(main: Signal, side: Signal, groups: Groups): Signal {
  if (main.axis === side.axis && main.block === side.block) {
    groups.unite(main.group, side.group)
    return main
  }
  return pinned(main, groups, pinned(side, groups))
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

/** Units that come in here stay where they are, for the layer tells their places apart. */
function pinned(signal: Signal, groups: Groups, out: Signal = { group: groups.fixed, axis: 0, block: 1 }): Signal {
  groups.unite(signal.group, groups.fixed)
  return out
}

const passes: Rule = (signal) => signal

/** Each channel by itself; where units are no channels, they stay. */
const channelwise: Rule = (signal, _, groups) => (signal.axis === 0 ? signal : pinned(signal, groups))

/** A product over one axis of the input, whose units become others. */
const product =
  (inAxis: (input: readonly number[]) => number, outAxis: (output: readonly number[]) => number, weight: Axes): Rule =>
  (signal, { path, layer, input, output }, groups) => {
    if (Number(layer.config.groups ?? 1) !== 1) return grouped(signal, { path, layer, input, output }, groups)
    const taken = inAxis(input)
    if (signal.axis === taken)
      groups.mark(signal.group, { name: `${path}.weight`, axis: weight.into, block: signal.block })
    else pinned(signal, groups)
    const axis = outAxis(output)
    const group = groups.make(output[axis] ?? 0, path)
    groups.mark(group, { name: `${path}.weight`, axis: weight.out, block: 1 })
    groups.mark(group, { name: `${path}.bias`, axis: 0, block: 1 })
    return { group, axis, block: 1 }
  }

/** Which axes of a weight are of what comes in and of what goes out. */
interface Axes {
  readonly into: number
  readonly out: number
}

/** A filter for each channel moves with it; channels in larger groups stay. */
const grouped: Rule = (signal, { path, layer, input, output }, groups) => {
  const isDepthwise = layer.config.groups === input[0] && input[0] === output[0]
  if (!isDepthwise || signal.axis !== 0 || signal.block !== 1) return pinned(signal, groups)
  groups.mark(signal.group, { name: `${path}.weight`, axis: 0, block: 1 })
  groups.mark(signal.group, { name: `${path}.bias`, axis: 0, block: 1 })
  return signal
}

const first = (): number => 0
const last = (shape: readonly number[]): number => shape.length - 1
const convolution = product(first, first, { into: 1, out: 0 })

/** One number for each channel. */
const perChannel =
  (...names: readonly string[]): Rule =>
  (signal, { path }, groups) => {
    if (signal.axis !== 0) return pinned(signal, groups)
    for (const name of names) groups.mark(signal.group, { name: `${path}.${name}`, axis: 0, block: signal.block })
    return signal
  }

const batchNorm = perChannel('weight', 'bias', 'running_mean', 'running_var')

const RULES: Readonly<Record<string, Rule>> = {
  Linear: product(last, last, { into: 1, out: 0 }),
  Conv1d: convolution,
  Conv2d: convolution,
  ConvTranspose2d: product(first, first, { into: 0, out: 1 }),
  BatchNorm1d: batchNorm,
  BatchNorm2d: batchNorm,
  LayerNorm: (signal, { path, layer, input }, groups) => {
    const before = input.length - Number(layer.config.axes ?? 1)
    if (signal.axis >= before)
      for (const name of ['weight', 'bias'])
        groups.mark(signal.group, { name: `${path}.${name}`, axis: signal.axis - before, block: signal.block })
    return signal
  },
  GroupNorm: (signal, place, groups) =>
    place.layer.config.groups === 1 ? perChannel('weight', 'bias')(signal, place, groups) : pinned(signal, groups),
  Embedding: (signal, { path, output }, groups) => {
    pinned(signal, groups)
    const axis = last(output)
    const group = groups.make(output[axis] ?? 0, path)
    groups.mark(group, { name: `${path}.weight`, axis: 1, block: 1 })
    return { group, axis, block: 1 }
  },
  GaussianLatent: (signal, place, groups) => {
    const head = product(last, last, { into: 1, out: 0 })
    const [mean, logVariance] = ['mean', 'logVariance'].map((name) =>
      head(signal, { ...place, path: `${place.path}.${name}` }, groups),
    )
    if (mean === undefined || logVariance === undefined) throw new Error('two heads have two signals')
    groups.unite(mean.group, logVariance.group)
    return mean
  },
  Flatten: (signal, { input }, groups) =>
    signal.axis === 0 ? { ...signal, block: signal.block * sizeOf(input.slice(1)) } : pinned(signal, groups),
  Unflatten: (signal, _, groups) => pinned(signal, groups),
  ...Object.fromEntries(
    ['ReLU', 'ReLU6', 'Sigmoid', 'Tanh', 'Softplus', 'SiLU', 'Mish', 'SELU', 'LeakyReLU', 'ELU', 'GELU', 'PReLU']
      .concat(['Softmax', 'LogSoftmax', 'Dropout', 'Dropout1d', 'Dropout2d', 'Identity'])
      .map((kind) => [kind, passes]),
  ),
  ...Object.fromEntries(
    ['MaxPool1d', 'MaxPool2d', 'AvgPool1d', 'AvgPool2d', 'AdaptiveAvgPool2d', 'GlobalAvgPool1d', 'GlobalAvgPool2d']
      .concat(['GlobalMaxPool2d', 'Upsample', 'ZeroPad2d'])
      .map((kind) => [kind, channelwise]),
  ),
}
