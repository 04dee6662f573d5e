import type { StateDict, Weights } from '../../../nn/index.ts'
import { sizeOf } from '../../../tensor/index.ts'
import type { UnitAxis } from './group.ts'
import type { PermutableUnits } from './permutable.ts'

/** In which order units are taken: unit i becomes the one that was in place `order[i]`. */
export type Order = Uint32Array

/** A weight's numbers with units along one axis taken in another order. */
export function reordered({ shape, data }: Weights, { axis, block }: UnitAxis, order: Order): Weights {
  const inner = sizeOf(shape.slice(axis + 1)) * block
  const length = order.length * inner
  const moved = new Float32Array(data.length)
  for (let begin = 0; begin < data.length; begin += length)
    for (const [to, from] of order.entries())
      moved.set(data.subarray(begin + from * inner, begin + (from + 1) * inner), begin + to * inner)
  return { shape, data: moved }
}

/** A weight as a matrix with a row for each unit along an axis, `[units, numbers]`. */
export function unitRows({ shape, data }: Weights, { axis, block }: UnitAxis, units: number): Float32Array {
  const inner = sizeOf(shape.slice(axis + 1)) * block
  const outer = data.length / (units * inner)
  const rows = new Float32Array(data.length)
  for (let o = 0; o < outer; o++)
    for (let unit = 0; unit < units; unit++) {
      const from = (o * units + unit) * inner
      rows.set(data.subarray(from, from + inner), (unit * outer + o) * inner)
    }
  return rows
}

/** All weights and running statistics with the units of every group in their order: the same function as before. */
export function permuted(weights: StateDict, units: readonly PermutableUnits[], orders: readonly Order[]): StateDict {
  const moved: Record<string, Weights> = { ...weights }
  for (const [g, { axes }] of units.entries()) {
    const order = orders[g]
    for (const axis of axes) {
      const weight = moved[axis.name]
      // A layer may have no bias.
      if (weight !== undefined && order !== undefined) moved[axis.name] = reordered(weight, axis, order)
    }
  }
  return moved
}
