import { compile, spec } from '../../runtime/index.ts'
import { allocate, matmul, transpose } from '../../tensor/index.ts'

/** Rows that one product takes. Few enough that float32 sums within it stay sharp; the sums over products are float64. */
const ROWS = 256

/** The sum of xᵀx over rows that come some at a time. */
export interface CrossProducts {
  /** @param x `[rows, width]`, any number of rows */
  add(x: Float32Array): Promise<void>
  /** `[width, width]`, of the rows so far. */
  sum(): Promise<Float64Array>
}

/**
 * Collects xᵀx: products in float32 by the runtime, sums over blocks of rows in float64.
 *
 * @param width of x
 */
export async function crossProducts(width: number): Promise<CrossProducts> {
  const program = await compile((x) => matmul(transpose(x), x), spec([ROWS, width]))
  const product = allocate('float32', width * width)
  const total = new Float64Array(width * width)
  const full = blocksOf(ROWS * width, async (x) => {
    await program.runFlat([x], [product])
    for (let i = 0; i < total.length; i++) total[i] = (total[i] ?? 0) + (product[i] ?? 0)
  })
  return {
    add: full.add,
    sum: async () => {
      await full.flush()
      return total
    },
  }
}

/**
 * Cuts numbers that come some at a time into blocks of one length; the last is filled up with zeros, which add nothing to
 * sums of products.
 */
export function blocksOf(length: number, use: (block: Float32Array) => Promise<void>) {
  const block = new Float32Array(length)
  let filled = 0
  const flush = async (): Promise<void> => {
    if (filled === 0) return
    block.fill(0, filled)
    await use(block)
    filled = 0
  }
  const add = async (values: Float32Array): Promise<void> => {
    for (let start = 0; start < values.length; ) {
      const taken = Math.min(values.length - start, length - filled)
      block.set(values.subarray(start, start + taken), filled)
      start += taken
      filled += taken
      if (filled === length) await flush()
    }
  }
  return { add, flush }
}

/** The inner products of rows, xxᵀ, `[rows, rows]`: what there is less of than xᵀx where rows are fewer than they are wide. */
export async function innerProducts(x: Float32Array, rows: number): Promise<Float64Array> {
  const width = x.length / rows
  const products = await crossProducts(rows)
  const column = new Float32Array(rows)
  for (let i = 0; i < width; i++) {
    for (let row = 0; row < rows; row++) column[row] = x[row * width + i] ?? 0
    await products.add(column)
  }
  return products.sum()
}
