import { vjp } from '../../autodiff/index.ts'
import { missingName } from '../../data/table/names.ts'
import { UsageError } from '../../errors.ts'
import { type Application, isWeights, type Variables } from '../../nn/index.ts'
import {
  formatShape,
  leavesOf,
  mul,
  oneHot,
  ones,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  resize,
  type Shape,
  sizeOf,
  type Tensor,
  type TypedArray,
} from '../../tensor/index.ts'
import { type Inspected, layersOf } from '../activations.ts'
import { type BoundProgram, bound } from '../bound.ts'
import { after } from '../featureLayers.ts'

/** Samples, and the output of each that is asked about. */
export interface Question {
  /** `[n, …sample]` in the units of the data, bytes as numbers from 0 to 255. */
  readonly data: Float32Array
  /** Number of the output, `[n]`: a class's logit, or a number that a regression predicts. */
  readonly outputs: Int32Array
}

/** Values of the outputs that are asked about, and their slopes. */
export interface Slopes {
  /** `[n]` */
  readonly values: Float32Array
  /** `[n, …sample]` */
  readonly gradient: Float32Array
}

/** A network whose answers can be explained: they and their gradients, as functions of samples in the units of the data. */
export interface Explained {
  /** Shape of one sample. */
  readonly sample: Shape
  /** Outputs that a sample has. */
  readonly outputs: number
  /** Samples computed at once. */
  readonly batch: number
  /** Values of the outputs asked about, `[n]`. */
  values(question: Question): Promise<Float32Array>
  slopes(question: Question): Promise<Slopes>
  /** Grad-CAM of a layer at the size of the input, `[n, …places]`. */
  classActivation(layer: string, question: Question): Promise<Float32Array>
  /** The same network with other weights. */
  with(variables: Variables): Explained
  dispose(): void
}

/** Samples computed at once. */
const BATCH = 32

/**
 * Prepares a network for being explained. Gradients go through the preparation, so that they are slopes in the units of the data.
 *
 * @param of - a network, or a model alone for samples that are prepared
 * @param sample - shape of one stored sample
 * @param check - called before each batch; what it throws ends the work
 * @throws UsageError where the model puts out other than float numbers for each sample
 *
 * @example
 * const network = await explained(loaded.network, loaded.variables, [1, 28, 28])
 * const { gradient } = await network.slopes({ data, outputs: Int32Array.of(7) })
 */
export async function explained(
  of: Inspected,
  variables: Variables,
  sample: Shape,
  check: () => void = () => {},
): Promise<Explained> {
  const x = { dtype: 'float32', shape: [BATCH, ...sample] } as const
  const chosen = { dtype: 'int32', shape: [BATCH] } as const
  let outputs = 0
  const asked = ({ output }: Application, which: Tensor): Tensor => {
    outputs = sizeOf(output.shape) / BATCH
    return reduceSum(mul(reshape(output, [BATCH, outputs]), oneHot(which, outputs)), { axes: [1] })
  }
  const values = await bound(
    of,
    variables,
    (apply, input: Tensor, which: Tensor) => [asked(apply(input), which)],
    x,
    chosen,
  )
  const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | undefined
    return () => {
      made ??= make()
      return made
    }
  }
  const programs: Promise<BoundProgram>[] = []
  const kept = (program: Promise<BoundProgram>): Promise<BoundProgram> => {
    programs.push(program)
    return program
  }
  const slopes = once(() =>
    kept(
      bound(
        of,
        variables,
        (apply, input: Tensor, which: Tensor) => {
          const value = asked(apply(input), which)
          return [value, ...vjp([value], [ones([BATCH])], [input])]
        },
        x,
        chosen,
      ),
    ),
  )
  const cams = new Map<string, () => Promise<BoundProgram>>()
  const cam = (layer: string): Promise<BoundProgram> => {
    const known =
      cams.get(layer) ??
      once(() =>
        kept(
          bound(
            of,
            variables,
            (apply, input: Tensor, which: Tensor) => {
              const application = apply(input)
              return [camOf(application, asked(application, which), layer, sample)]
            },
            x,
            chosen,
          ),
        ),
      )
    cams.set(layer, known)
    return known()
  }
  const at = (own: Variables): Explained => ({
    sample,
    outputs,
    batch: BATCH,
    values: async (question) => {
      const [found] = await inBatches(values.with(own), question, sizeOf(sample), check)
      return found ?? new Float32Array()
    },
    slopes: async (question) => {
      const [found, gradient] = await inBatches((await slopes()).with(own), question, sizeOf(sample), check)
      return { values: found ?? new Float32Array(), gradient: gradient ?? new Float32Array() }
    },
    classActivation: async (layer, question) => {
      const [found] = await inBatches((await cam(layer)).with(own), question, sizeOf(sample), check)
      return found ?? new Float32Array()
    },
    with: at,
    dispose: () => {
      values.dispose()
      for (const program of programs) program.then((one) => one.dispose())
    },
  })
  return at(variables)
}

/** Runs a program over samples, as many at once as it takes; a last batch that is not full is filled with what was there before. */
async function inBatches(
  program: BoundProgram,
  { data, outputs }: Question,
  width: number,
  check: () => void,
): Promise<Float32Array[]> {
  const n = outputs.length
  if (data.length !== n * width)
    throw new UsageError(`${n} questions are asked of ${data.length} numbers: give ${n} samples of ${width} numbers`)
  const room: readonly [Float32Array, Int32Array] = [new Float32Array(BATCH * width), new Int32Array(BATCH)]
  let whole: Float32Array[] = []
  for (let begin = 0; begin < n; begin += BATCH) {
    check()
    const end = Math.min(n, begin + BATCH)
    room[0].set(data.subarray(begin * width, end * width))
    room[1].set(outputs.subarray(begin, end))
    const inputs: readonly TypedArray[] = room
    const found = await program.run(...inputs)
    if (begin === 0) whole = found.map(({ length }) => new Float32Array((length / BATCH) * n))
    for (const [k, one] of found.entries()) {
      const each = one.length / BATCH
      whole[k]?.set(one.subarray(0, (end - begin) * each), begin * each)
    }
  }
  return whole
}

/** Grad-CAM of one layer: its maps, weighted by the mean slope of each, cut at zero and brought to the input's size. */
function camOf({ calls }: Application, value: Tensor, layer: string, sample: Shape): Tensor {
  const call = calls.findLast(({ path }) => path === layer)
  if (call === undefined)
    throw new UsageError(
      missingName(
        'the model',
        'layer',
        layer,
        calls.map(({ path }) => path).filter((path) => path !== ''),
      ),
    )
  const { output } = call
  const [batch = 0, channels = 0, ...places] = output.shape
  const size = sample.slice(1)
  if (places.length === 0 || places.length !== size.length)
    throw new UsageError(
      `Grad-CAM: layer ${layer} puts out ${formatShape(output.shape.slice(1))} for samples of ${formatShape(sample)}: choose a layer whose maps have the places of the input`,
    )
  const [slope] = vjp([value], [ones(value.shape)], [output])
  if (slope === undefined) throw new Error('vjp gives one slope for one tensor')
  const maps = (x: Tensor): Tensor =>
    reshape(x, [batch, channels, places.length === 1 ? 1 : (places[0] ?? 1), places.at(-1) ?? 1])
  const weights = reduceMean(maps(slope), { axes: [2, 3], keepDims: true })
  const map = relu(reduceSum(mul(maps(output), weights), { axes: [1], keepDims: true }))
  const [height, width] = [size.length === 1 ? 1 : (size[0] ?? 1), size.at(-1) ?? 1]
  const isSame = map.shape[2] === height && map.shape[3] === width
  return reshape(isSame ? map : resize(map, { size: [height, width], mode: 'bilinear' }), [batch, ...size])
}

const CONVOLUTION = /^Conv[12]d$/

/**
 * The layer whose maps Grad-CAM takes where none is named: the last convolution, with the nonlinearity after it where there is one. Before the
 * nonlinearity maps have negative values that the network never sees, which Grad-CAM would count against the class.
 *
 * @param prepared - shape of one sample as the model gets it
 * @returns its path; undefined where the model has no convolution
 */
export function lastConvolution(of: Inspected, prepared: Shape): string | undefined {
  const layers = layersOf(of.model, prepared).filter(({ layer }) => layer.children === undefined)
  const place = layers.findLastIndex(({ layer }) => CONVOLUTION.test(layer.kind))
  return (after(layers, place)[0] ?? layers[place])?.path
}

/** Names of the layers that have weights of their own, in the order in which a sample passes them. */
export function weightedLayers(of: Inspected, variables: Variables, prepared: Shape): string[] {
  const owners = new Set(
    leavesOf(variables.parameters, isWeights).map(({ path }) => path.split('.').slice(0, -1).join('.')),
  )
  return layersOf(of.model, prepared)
    .map(({ path }) => path)
    .filter((path) => owners.has(path))
}
