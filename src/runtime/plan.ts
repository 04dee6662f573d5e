import { formatShape, type Shape, sizeOf, type Tensor, type TensorType } from '../tensor/index.ts'
import { constantOperation } from '../tensor/ops/constant.ts'
import type { Graph } from './graph.ts'

/** One op of a program, in the order in which it runs. */
export interface PlanRow {
  /** How other rows refer to the value: `%3`; inputs of the program are `$` and their path. */
  readonly value: string
  readonly op: string
  /** Values that go in, single constant numbers written out. */
  readonly inputs: readonly string[]
  readonly output: TensorType
  /** What the runtime made of the op, where it says so. */
  readonly formulation: string | undefined
  /**
   * Two for each multiply-accumulate of a product or convolution; none where numbers are only moved or cast; else one for
   * each number of the largest operand or result.
   */
  readonly flops: number
  /** Bytes read and written. A reshape moves none. */
  readonly bytes: number
  /** Part of the program's work, a byte counted as {@link FLOPS_A_BYTE} FLOPs. */
  readonly share: number
}

export interface PlanTotals {
  readonly ops: number
  /** Numbers that enter at each call: parameters, batch, random values. */
  readonly inputs: number
  /** Numbers baked in. */
  readonly constants: number
  readonly flops: number
  readonly bytes: number
  /** Bytes of inputs and constants, and of all values between them and the outputs at the moment when most are alive. */
  readonly peakBytes: number
}

/** What a program does, op by op; `toString()` prints it as a table. */
export interface Plan {
  readonly rows: readonly PlanRow[]
  readonly totals: PlanTotals
  toString(): string
}

/** What a CPU with vector units computes in the time in which it moves one byte, roughly: 300 GFLOP/s, 30 GB/s. */
const FLOPS_A_BYTE = 10

const ELEMENT_BYTES = { float32: 4, int32: 4, uint32: 4, uint8: 1, bool: 1 } as const
const bytesOf = ({ dtype, shape }: TensorType): number => sizeOf(shape) * ELEMENT_BYTES[dtype]

/** Ops that move or repeat numbers and compute none. */
const MOVES: ReadonlySet<string> = new Set(
  'cast concat expand flip gather gatherElements oneHot pad reshape slice transpose upsample'.split(' '),
)

function flopsOf(tensor: Tensor): number {
  const { operation, inputs, shape } = tensor
  const macs = operation.macs(tensor)
  if (macs > 0) return 2 * macs
  return MOVES.has(operation.name) ? 0 : Math.max(sizeOf(shape), ...inputs.map((input) => sizeOf(input.shape)))
}

const movedBy = (tensor: Tensor): number =>
  tensor.operation.name === 'reshape'
    ? 0
    : bytesOf(tensor) + [...new Set(tensor.inputs)].reduce((sum, input) => sum + bytesOf(input), 0)

const isConstant = (tensor: Tensor): boolean => tensor.operation === constantOperation
const total = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0)

/**
 * The plan of a graph.
 *
 * @param names of the graph’s inputs, in its order
 * @param formulations what a runtime made of single ops
 */
export function planOf(
  graph: Graph,
  names: readonly string[],
  formulations: ReadonlyMap<Tensor, string> = new Map(),
): Plan {
  const ops = graph.nodes.filter((tensor) => !isConstant(tensor))
  const constants = graph.nodes.filter(isConstant)
  const given = [...graph.inputs, ...graph.hostValues]
  const labels = new Map<Tensor, string>()
  graph.inputs.forEach((tensor, i) => {
    labels.set(tensor, `$${names[i] ?? i}`)
  })
  graph.hostValues.forEach((tensor, i) => {
    labels.set(tensor, `${tensor.operation.name} ${i}`)
  })
  for (const tensor of constants) labels.set(tensor, constantLabel(tensor))
  ops.forEach((tensor, i) => {
    labels.set(tensor, `%${i}`)
  })
  const labelOf = (tensor: Tensor): string => labels.get(tensor) ?? '?'
  const weightOf = (tensor: Tensor): number => Math.max(flopsOf(tensor), FLOPS_A_BYTE * movedBy(tensor))
  const weight = Math.max(1, total(ops, weightOf))
  const rows = ops.map((tensor) => ({
    value: labelOf(tensor),
    op: tensor.operation.name,
    inputs: tensor.inputs.map(labelOf),
    output: { dtype: tensor.dtype, shape: tensor.shape },
    formulation: formulations.get(tensor),
    flops: flopsOf(tensor),
    bytes: movedBy(tensor),
    share: weightOf(tensor) / weight,
  }))
  const totals = {
    ops: rows.length,
    inputs: total(given, ({ shape }) => sizeOf(shape)),
    constants: total(constants, ({ shape }) => sizeOf(shape)),
    flops: total(rows, (row) => row.flops),
    bytes: total(rows, (row) => row.bytes),
    peakBytes: total([...given, ...constants], bytesOf) + peakOf(ops, graph.outputs),
  }
  return { rows, totals, toString: () => print(rows, totals) }
}

/** Most bytes alive at once, when each value lives from its op to its last use, and outputs to the end. */
function peakOf(ops: readonly Tensor[], outputs: readonly Tensor[]): number {
  const made = new Set(ops)
  // A reshape is its input under another shape.
  const storage = (tensor: Tensor): Tensor => {
    const [source] = tensor.inputs
    return tensor.operation.name === 'reshape' && source !== undefined && made.has(tensor) ? storage(source) : tensor
  }
  const lastUse = new Map<Tensor, number>()
  ops.forEach((tensor, i) => {
    for (const used of [tensor, ...tensor.inputs]) lastUse.set(storage(used), i)
  })
  for (const output of outputs) lastUse.set(storage(output), ops.length)
  const freed = ops.map(() => 0)
  for (const [tensor, end] of lastUse) if (made.has(tensor)) freed[end] = (freed[end] ?? 0) + bytesOf(tensor)
  let [alive, peak] = [0, 0]
  ops.forEach((tensor, i) => {
    if (storage(tensor) === tensor) alive += bytesOf(tensor)
    peak = Math.max(peak, alive)
    alive -= freed[i] ?? 0
  })
  return peak
}

function constantLabel(tensor: Tensor): string {
  const { data } = constantOperation.attributesOf(tensor)
  if (sizeOf(tensor.shape) === 1) return String(Number((data[0] ?? 0).toPrecision(6)))
  return `constant${formatShape(tensor.shape)}`
}

/** `1.2 k`, `3.4 M`, … */
function short(value: number, unit = ''): string {
  const steps = ['', 'k', 'M', 'G', 'T', 'P']
  let [scaled, step] = [value, 0]
  // 999.5 in three digits is 1000 already.
  for (; scaled >= 999.5 && step < steps.length - 1; step++) scaled /= 1000
  return `${step === 0 ? String(value) : scaled.toPrecision(3)} ${steps[step]}${unit}`.trim()
}

const typeLabel = ({ dtype, shape }: { readonly dtype: string; readonly shape: Shape }): string =>
  `${dtype === 'float32' ? '' : dtype}${formatShape(shape)}`

/** More are cut off in print. */
const MOST_INPUTS = 6

function print(rows: readonly PlanRow[], totals: PlanTotals): string {
  const isFormulated = rows.some(({ formulation }) => formulation !== undefined)
  const lines = rows.map((row) => [
    row.value,
    row.op,
    row.inputs.length > MOST_INPUTS
      ? `${row.inputs.slice(0, MOST_INPUTS - 1).join(' ')} … ${row.inputs.length - MOST_INPUTS + 1} more`
      : row.inputs.join(' '),
    typeLabel(row.output),
    ...(isFormulated ? [row.formulation ?? ''] : []),
    short(row.flops),
    short(row.bytes, 'B'),
    `${(100 * row.share).toFixed(1)} %`,
  ])
  const head = ['value', 'op', 'inputs', 'output', ...(isFormulated ? ['formulation'] : []), 'FLOPs', 'bytes', 'share']
  const numeric = head.length - 3
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)))
  const row = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i < numeric ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return [
    row(head),
    ...lines.map(row),
    `${totals.ops} ops, ${short(totals.flops, 'FLOP')}, ${short(totals.bytes, 'B')} read and written, ${short(totals.inputs)} numbers ` +
      `in, ${short(totals.constants)} constant, at most ${short(totals.peakBytes, 'B')} alive`,
  ].join('\n')
}
