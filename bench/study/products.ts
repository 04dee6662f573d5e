/**
 * What the matrix products of one training step of examples/regression-search.ts take alone, on one thread: a bound for any search by
 * these kernels.
 *
 * usage: products.ts seconds; prints {"flops": …, "seconds": …}
 */
import '../../src/runtime/ort/node.ts'
import { compile, setDefaultThreads, spec } from '../../src/runtime/index.ts'
import { matmul, type Tensor, transpose } from '../../src/tensor/index.ts'

const [POINTS, UNITS] = [75, 288]

setDefaultThreads(1)
const step = await compile(
  (h: Tensor, w: Tensor, g: Tensor) => [matmul(h, w), matmul(g, transpose(w)), matmul(transpose(h), g)],
  ...[spec([POINTS, UNITS]), spec([UNITS, UNITS]), spec([POINTS, UNITS])],
)
const some = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i))
const inputs = [some(POINTS * UNITS), some(UNITS * UNITS), some(POINTS * UNITS)]
const outputs = [new Float32Array(POINTS * UNITS), new Float32Array(POINTS * UNITS), new Float32Array(UNITS * UNITS)]
const budget = Number(process.argv[2])
for (let i = 0; i < 50; i++) await step.runFlat(inputs, outputs)
const began = performance.now()
let steps = 0
for (; performance.now() - began < 1000 * budget; steps++) await step.runFlat(inputs, outputs)
const seconds = (performance.now() - began) / 1000
process.stdout.write(`${JSON.stringify({ flops: steps * 3 * 2 * POINTS * UNITS * UNITS, seconds })}\n`)
process.exit(0)
