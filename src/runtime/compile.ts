import { UsageError } from '../errors.ts'
import {
  formatShape,
  holds,
  isTypedArray,
  leavesOf,
  type MapTree,
  mapLeaves,
  placeholder,
  setRealizer,
  sizeOf,
  Tensor,
  type TensorType,
  type TypedArray,
} from '../tensor/index.ts'
import { executables } from './executables.ts'
import { type Graph, graphOf, structuralKey } from './graph.ts'
import { hostData, sharedHostEvaluator } from './host.ts'
import { type Plan, planOf } from './plan.ts'
import { defaultRuntime, defaultThreads, type Runtime, type RuntimeOptions } from './runtime.ts'
import { simplify } from './simplify/index.ts'

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor

const isType = (value: unknown): value is TensorType =>
  typeof value === 'object' && value !== null && 'dtype' in value && 'shape' in value

/** The type of an argument: `spec([64, 784])` is a float32 matrix. */
export const spec = (shape: readonly number[], dtype: TensorType['dtype'] = 'float32'): TensorType => ({ dtype, shape })

/**
 * A traced function, ready to run on typed arrays.
 *
 * @typeParam Inputs nesting of the arguments' types
 * @typeParam Output nesting of the result's tensors
 */
export interface Program<Inputs extends readonly unknown[], Output> {
  readonly graph: Graph
  readonly runtime: string
  /** Runs on arrays nested as the arguments were; results are new arrays. */
  (...inputs: MapTree<Inputs, TensorType, TypedArray>): Promise<MapTree<Output, Tensor, TypedArray>>
  /** The same on flat lists in the order of the leaves, with results written into `outputs` when given. */
  runFlat(inputs: readonly TypedArray[], outputs?: readonly TypedArray[]): Promise<readonly TypedArray[]>
  /** The plan, op by op; printed, it is a table: `console.log(`${program.describe()}`)`. */
  describe(): Plan
  /**
   * Says that the program will not be run again. What the runtime prepared for it is kept for a while, for another program that
   * computes the same, and then closed. A program that is forgotten without this is closed when it is collected as garbage.
   */
  dispose(): void
}

export interface CompileOptions extends RuntimeOptions {
  readonly runtime?: Runtime
}

/**
 * Traces `fn` once on symbolic tensors of the given types and prepares it for the runtime.
 *
 * @param specs types of the arguments: tensors' types nested in records and lists
 * @example
 * const program = await compile((x: Tensor, w: Tensor) => relu(matmul(x, w)), spec([2, 3]), spec([3, 4]))
 * const y = await program(new Float32Array(6).fill(1), new Float32Array(12).fill(1)) // Float32Array of 8 threes
 */
export function compile<const Inputs extends readonly unknown[], Output>(
  fn: (...inputs: MapTree<Inputs, TensorType, Tensor>) => Output,
  ...specs: Inputs
): Promise<Program<Inputs, Output>> {
  return compileWith({}, fn, ...specs)
}

/** {@link compile} for a given runtime and number of threads. */
export async function compileWith<const Inputs extends readonly unknown[], Output>(
  { runtime = defaultRuntime(), ...given }: CompileOptions,
  fn: (...inputs: MapTree<Inputs, TensorType, Tensor>) => Output,
  ...specs: Inputs
): Promise<Program<Inputs, Output>> {
  const types = leavesOf(specs, isType)
  const placeholders = new Map(types.map(({ leaf, path }) => [path, placeholder(path, leaf)]))
  const symbolic = mapLeaves(specs, isType, (type, path) => placeholders.get(path) ?? placeholder(path, type))
  const result = fn(...symbolic)
  const outputs = leavesOf(result, isTensor)
  const graph = graphOf([...placeholders.values()], simplify(outputs.map(({ leaf }) => leaf)))
  const threads = given.threads ?? defaultThreads()
  const options = threads === undefined ? given : { ...given, threads }
  const key = `${runtime.name} ${JSON.stringify(options)}\n${structuralKey(graph)}`
  const taken = await executables.take(key, graph, () => runtime.prepare(graph, options))
  const { executable } = taken
  const positions = new Map(outputs.map(({ path }, i) => [path, i]))
  const withHostValues = sharedHostEvaluator(graph)

  const runFlat: Program<Inputs, Output>['runFlat'] = async (inputs, results) => {
    for (const [i, { leaf, path }] of types.entries()) check(`input ${path}`, leaf, inputs[i])
    if (results !== undefined)
      for (const [i, { leaf, path }] of outputs.entries())
        check(path === '' ? 'the output' : `output ${path}`, leaf, results[i])
    if (taken.isGivenBack) throw new UsageError('the program was disposed of: compile the function again')
    return withHostValues(inputs, (hostValues) => executable.run(inputs, hostValues, results))
  }
  const call = async (...inputs: MapTree<Inputs, TensorType, TypedArray>) => {
    const given = new Map(leavesOf(inputs, isTypedArray).map(({ path, leaf }) => [path, leaf]))
    const results = await runFlat(types.map(({ path, leaf }) => check(`input ${path}`, leaf, given.get(path))))
    return mapLeaves(result, isTensor, (_, path) => at(results, positions.get(path)))
  }
  const describe = (): Plan =>
    planOf(
      taken.graph,
      types.map(({ path }) => path),
      executable.formulations,
    )
  return Object.assign(call, { graph, runtime: runtime.name, runFlat, describe, dispose: () => taken.giveBack() })
}

function at(results: readonly TypedArray[], position: number | undefined): TypedArray {
  const data = position === undefined ? undefined : results[position]
  if (data === undefined) throw new Error('the runtime gave fewer results than the program has outputs')
  return data
}

function check(what: string, { dtype, shape }: TensorType, data: TypedArray | undefined): TypedArray {
  if (data === undefined) throw new UsageError(`${what} is missing: give ${dtype}${formatShape(shape)}`)
  if (data.length !== sizeOf(shape) || !holds(dtype, data))
    throw new UsageError(
      `${what} is a ${data.constructor.name} of ${data.length} but must hold ${dtype}${formatShape(shape)}, ` +
        `that is ${sizeOf(shape)} numbers`,
    )
  return data
}

// A value asked for once is not worth a place in the cache: its session is closed again.
setRealizer(async (tensor) => {
  const graph = graphOf([], simplify([tensor]))
  const executable = await defaultRuntime().prepare(graph, {})
  try {
    return at(await executable.run([], hostData(graph, [])), 0)
  } finally {
    await executable.dispose()
  }
})
