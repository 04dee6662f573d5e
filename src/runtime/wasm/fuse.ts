import { topologicalOrder } from '../../autodiff/index.ts'
import { UsageError } from '../../errors.ts'
import type { Tensor } from '../../tensor/index.ts'
import { constantOperation } from '../../tensor/ops/constant.ts'
import { type Code, code, encodeModule, instruction as i, instantiate, loopBelow, type ValueType } from './encode.ts'

/** SIMD instructions of each elementwise op, its inputs already on the stack. */
const simd: Readonly<Record<string, readonly number[]>> = {
  add: i.f32x4Add,
  sub: i.f32x4Sub,
  mul: i.f32x4Mul,
  div: i.f32x4Div,
  max: i.f32x4Max,
  min: i.f32x4Min,
  sqrt: i.f32x4Sqrt,
  abs: i.f32x4Abs,
  equal: i.f32x4Equal,
  less: i.f32x4Less,
  lessOrEqual: i.f32x4LessOrEqual,
  greater: i.f32x4Greater,
  greaterOrEqual: i.f32x4GreaterOrEqual,
  and: i.v128And,
  or: i.v128Or,
  // Truth values are masks of all ones here, so a cast to float keeps the bits of 1.0 where the mask is set.
  cast: [...i.f32Const(1), ...i.f32x4Splat, ...i.v128And],
}

/**
 * The instructions are those of float32, and truth values are masks: anything else would give wrong bits, not an error.
 */
function requireMeant({ operation: { name }, dtype, inputs }: Tensor): void {
  const [first, ...rest] = inputs
  const onTruth = ['and', 'or', 'cast'].includes(name)
  if (first) requireType(name, first, onTruth || name === 'where' ? 'bool' : 'float32')
  for (const input of rest) requireType(name, input, onTruth ? 'bool' : 'float32')
  if (name === 'cast' && dtype !== 'float32')
    throw new UsageError(`a fused loop casts to float32 only, not to ${dtype}`)
}

function requireType(where: string, { dtype }: Tensor, wanted: 'float32' | 'bool'): void {
  if (dtype !== wanted) throw new UsageError(`${where} in a fused loop works on ${wanted} and was given ${dtype}`)
}

/** Reads vectors at byte addresses, writes results over some of them. */
export interface FusedLoop {
  /**
   * @param length numbers in each vector; exactly as many are written, but they are read four at a time, so up to three
   *   more numbers of memory must be there
   * @param vectors byte address of each vector input
   * @param results byte address where each output is written; may be an input's
   * @param scalars values of the scalar inputs
   */
  run(length: number, vectors: readonly number[], results: readonly number[], scalars: readonly number[]): void
}

/**
 * Compiles elementwise expressions into one WebAssembly loop, four numbers at a time: every input is read once and every
 * output written once, however many ops lie between. The optimisers' updates run through this.
 *
 * @param vectors placeholders of one shape `[n]`, float32
 * @param scalars placeholders of shape `[]`, float32
 * @param outputs tensors made from them by elementwise ops
 * @throws UsageError naming an op that is not known here, or one on numbers of another type
 */
export function fuse(
  vectors: readonly Tensor[],
  scalars: readonly Tensor[],
  outputs: readonly Tensor[],
  memory: WebAssembly.Memory,
): FusedLoop {
  for (const tensor of [...vectors, ...scalars]) requireType('an input', tensor, 'float32')
  for (const tensor of outputs) requireType('an output', tensor, 'float32')
  const parameters: ValueType[] = [
    'i32',
    ...vectors.map(() => 'i32' as const),
    ...outputs.map(() => 'i32' as const),
    ...scalars.map(() => 'f32' as const),
  ]
  // The length counts bytes here.
  const [LENGTH, FIRST_VECTOR] = [0, 1]
  const firstResult = FIRST_VECTOR + vectors.length
  const firstScalar = firstResult + outputs.length
  const offset = parameters.length
  const whole = offset + 1
  const locals: ValueType[] = ['i32', 'i32']
  const places = new Map<Tensor, number>()
  const place = (tensor: Tensor): number => {
    locals.push('v128')
    const index = offset + locals.length - 1
    places.set(tensor, index)
    return index
  }
  const get = (tensor: Tensor): number[] => {
    const index = places.get(tensor)
    if (index === undefined) throw new UsageError(`${tensor.operation.name} is not among the inputs of the fused loop`)
    return i.localGet(index)
  }
  const compute = (tensor: Tensor): number[] => {
    const { name } = tensor.operation
    if (name === 'constant') {
      const { data } = constantOperation.attributesOf(tensor)
      requireType('constant', tensor, 'float32')
      if (data.length !== 1) throw new UsageError('a fused loop takes constants of one number only')
      return [...i.f32Const(data[0] ?? 0), ...i.f32x4Splat, ...i.localSet(place(tensor))]
    }
    // bitselect takes (if set, if clear, mask); where has the mask first.
    const inputs = name === 'where' ? [...tensor.inputs.slice(1), ...tensor.inputs.slice(0, 1)] : tensor.inputs
    const opcode = name === 'where' ? i.v128Bitselect : simd[name]
    if (opcode === undefined)
      throw new UsageError(
        `a fused loop cannot compute ${name}; it knows ${[...Object.keys(simd), 'where'].join(', ')}, and constants of one number`,
      )
    requireMeant(tensor)
    return [...inputs.flatMap(get), ...opcode, ...i.localSet(place(tensor))]
  }
  const addressOf = (parameter: number): number[] => [...i.localGet(parameter), ...i.localGet(offset), ...i.i32Add]

  const given = new Set([...vectors, ...scalars])
  const nodes = topologicalOrder(outputs).filter((tensor) => !given.has(tensor))
  // What depends on no vector is computed once, before the loop.
  const before = [
    ...scalars.flatMap((scalar, s) => [...i.localGet(firstScalar + s), ...i.f32x4Splat, ...i.localSet(place(scalar))]),
    ...nodes.filter(({ shape }) => shape.length === 0).flatMap(compute),
  ]
  const values = [
    ...vectors.flatMap((vector, v) => [...addressOf(FIRST_VECTOR + v), ...i.v128Load, ...i.localSet(place(vector))]),
    ...nodes.filter(({ shape }) => shape.length > 0).flatMap(compute),
  ]
  const store = (instruction: Code): Code[] =>
    outputs.map((output, o) => code(addressOf(firstResult + o), get(output), instruction))
  // The numbers after the last whole vector are another's: what is computed of them is not written.
  const rest = [0, 1, 2].map((lane) =>
    code(
      ...[i.localGet(LENGTH), i.localGet(offset), i.i32Const(4 * lane), i.i32Add, i.i32GreaterUnsigned],
      ...[i.if, ...store(i.v128Store32Lane(4 * lane, lane)), i.end],
    ),
  )
  const program = code(
    before,
    ...[i.localGet(LENGTH), i.i32Const(4), i.i32Multiply, i.localTee(LENGTH)],
    ...[i.i32Const(-16), i.i32And, i.localSet(whole)],
    loopBelow(offset, whole, 16, code(values, ...store(i.v128Store))),
    ...[i.localGet(LENGTH), i.localGet(whole), i.i32GreaterUnsigned],
    ...[i.if, values, ...rest, i.end],
  )
  const run = instantiate(encodeModule(parameters, locals, program), memory)
  return {
    run: (length, vectorPlaces, resultPlaces, values) => {
      run(length, ...vectorPlaces, ...resultPlaces, ...values)
    },
  }
}
