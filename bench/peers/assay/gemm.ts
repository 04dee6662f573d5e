import { compile, spec } from '../../../src/runtime/index.ts'
import { matmul } from '../../../src/tensor/index.ts'
import { type Contestant, stepper } from '../serve.ts'

/** The product of two square matrices, through the runtime that everything else runs on. */
export async function gemm(size: number): Promise<Contestant> {
  const program = await compile((a, b) => matmul(a, b), spec([size, size]), spec([size, size]))
  const [a, b, c] = [
    new Float32Array(size ** 2).fill(1),
    new Float32Array(size ** 2).fill(1),
    new Float32Array(size ** 2),
  ]
  return stepper(0, async () => {
    await program.runFlat([a, b], [c])
    return undefined
  })
}
