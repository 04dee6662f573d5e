import { vjp } from '../../autodiff/index.ts'
import { UsageError } from '../../errors.ts'
import { applyModel, avgPool1d, avgPool2d, isWeights, type Layer, layer, type Variables } from '../../nn/index.ts'
import { key, normal } from '../../random/index.ts'
import { compile } from '../../runtime/index.ts'
import {
  constant,
  formatShape,
  globalAvgPool2d,
  leavesOf,
  mapLeaves,
  reshape,
  type Shape,
  sizeOf,
  type Tensor,
  type TensorType,
  zeros,
} from '../../tensor/index.ts'
import { byPath, unknown } from '../activations.ts'
import { NONLINEAR } from '../featureLayers.ts'

/** Weights of units with respect to the input. */
export interface MappedWeights {
  readonly path: string
  /** Of the prepared input. */
  readonly sample: Shape
  readonly units: readonly number[]
  /** `[units, ...sample]`: how much each unit grows with each input number. */
  readonly data: Float32Array
  /** Layers before that are no linear maps and were passed over, or stood in for by averages, by path. */
  readonly passed: readonly string[]
}

/** Units where nothing is said. */
const FEW = 64
/** How far sums of outputs may be from outputs of sums, as a share of their size, in float32. */
const CLOSE = 1e-3

/**
 * The weights of a dense layer, or of any other, mapped back to the input through the layers before it. Activations before are passed
 * over and max pools stood in for by averages; where there are none of these, it is the layer's exact derivative. For the first
 * dense layer after a `flatten()` it is its weights.
 *
 * @param of the model and the weights to look at
 * @param sample shape of one sample as the model gets it, after the preparation
 * @param path of the layer
 * @param units which of its numbers, counted over its whole output; default the first 64
 * @throws UsageError where a layer before is not linear and no activation or pool either, such as a layer normalisation
 *
 * @example
 * const { data } = await mappedBack({ model, variables }, [1, 28, 28], '1') // [64, 1, 28, 28]
 */
export async function mappedBack(
  { model, variables }: { readonly model: Layer; readonly variables: Variables },
  sample: Shape,
  path: string,
  units?: readonly number[],
): Promise<MappedWeights> {
  const straight = linearized(model)
  const { parameters, buffers } = variables
  const weights = [...leavesOf(parameters, isWeights), ...leavesOf(buffers, isWeights)].map(({ leaf }) => leaf.data)
  const types = [mapLeaves(parameters, isWeights, typeOf), mapLeaves(buffers, isWeights, typeOf)] as const
  let passed: readonly string[] = []
  let length = 0
  // Outputs for 0, a, b and a + b tell whether the layers before are linear.
  const probe = await compile(
    (own, statistics, x: Tensor) => {
      const { calls } = applyModel(straight, own, x, { buffers: statistics })
      const known = byPath(calls)
      const { output } = known.get(path) ?? unknown(path, known)
      const before = calls.slice(
        0,
        calls.findIndex((call) => call.output === output),
      )
      passed = before.flatMap((call) => (STAND_INS.has(call.layer) ? [call.path] : []))
      length = sizeOf(output.shape.slice(1))
      return reshape(output, [4, length])
    },
    ...types,
    { dtype: 'float32', shape: [4, ...sample] },
  )
  const [outputs = new Float32Array()] = await probe.runFlat([...weights, probes(sizeOf(sample))])
  probe.dispose()
  const at = (row: number, i: number): number => Number(outputs[row * length + i] ?? Number.NaN)
  const scale = Math.max(
    0,
    ...Array.from({ length: 4 * length }, (_, i) => Math.abs(at(Math.floor(i / length), i % length))),
  )
  for (let i = 0; i < length; i++)
    if (!(Math.abs(at(3, i) - at(1, i) - at(2, i) + at(0, i)) <= CLOSE * scale))
      throw new UsageError(
        `what comes before layer ${path} is not linear, even without activations and with averages for max pools: its weights cannot be mapped back to the input; the effective receptive field, by gradients, can be shown of any layer`,
      )
  const chosen = units ?? Array.from({ length: Math.min(FEW, length) }, (_, i) => i)
  const beyond = chosen.find((unit) => !Number.isInteger(unit) || unit < 0 || unit >= length)
  if (beyond !== undefined || chosen.length === 0)
    throw new UsageError(`layer ${path} has units 0 to ${length - 1}, and number ${beyond ?? 'none'} is asked for`)
  const rows = Float32Array.from({ length: chosen.length * length }, (_, i) =>
    chosen[Math.floor(i / length)] === i % length ? 1 : 0,
  )
  const program = await compile(
    (own, statistics, x: Tensor) => {
      const known = byPath(applyModel(straight, own, x, { buffers: statistics }).calls)
      const { output } = known.get(path) ?? unknown(path, known)
      const [slope = zeros(x.shape)] = vjp([output], [constant(rows, output.shape, 'float32')], [x])
      return slope
    },
    ...types,
    { dtype: 'float32', shape: [chosen.length, ...sample] },
  )
  const [data] = await program.runFlat([...weights, new Float32Array(chosen.length * sizeOf(sample))])
  program.dispose()
  if (!(data instanceof Float32Array)) throw new Error(`the slopes ${formatShape(sample)} are float32`)
  return { path, sample, units: chosen, data, passed }
}

const typeOf = ({ shape }: { readonly shape: Shape }): TensorType => ({ dtype: 'float32', shape })

function probes(size: number): Float32Array {
  const out = new Float32Array(4 * size)
  out.set(normal(key(0), 2 * size), size)
  for (let i = 0; i < size; i++) out[3 * size + i] = (out[size + i] ?? 0) + (out[2 * size + i] ?? 0)
  return out
}

/** Layers that stand in for others, by which they are known again. */
const STAND_INS = new WeakSet<Layer>()

const standIn = (one: Layer): Layer => {
  STAND_INS.add(one)
  return one
}

/** The same model without its activations, and with averages for its max pools. */
function linearized(of: Layer): Layer {
  const { kind, children, config } = of
  if (children !== undefined) {
    const changed = Object.fromEntries(Object.entries(children).map(([name, child]) => [name, linearized(child)]))
    return of.with?.(changed) ?? of
  }
  if (NONLINEAR.test(kind)) return standIn(layer('Identity', { apply: (_, x) => x }))
  if (kind === 'GlobalMaxPool2d') return standIn(layer('GlobalAvgPool2d', { apply: (_, x) => globalAvgPool2d(x) }))
  const mean = kind === 'MaxPool2d' ? avgPool2d(2) : kind === 'MaxPool1d' ? avgPool1d(2) : undefined
  const same = mean?.with?.(config)
  return same === undefined ? of : standIn(same)
}
