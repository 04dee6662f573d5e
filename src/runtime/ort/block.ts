import { GraphBuilder, valueInfo } from '../onnx/builder.ts'
import { NCHWC } from '../onnx/context.ts'
import { encodeModel } from '../onnx/proto.ts'
import type { OrtModule } from './session.ts'

const CHANNELS = 16

/**
 * Channels in a block of ONNX Runtime's convolution kernels on this machine: 16 with AVX-512, 8 with older vector units, 0
 * where it has no blocked kernels. ONNX Runtime does not tell, so it is asked to reorder 16 channels of one row.
 */
export async function blockSize({ InferenceSession, Tensor }: OrtModule): Promise<number> {
  const builder = new GraphBuilder()
  const blocked = builder.node('ReorderInput', ['map'], {}, NCHWC)
  // A node between, because ORT takes two reorders in a row away; and blocks show in the order of the numbers.
  builder.rename(builder.node('Reshape', [blocked, builder.int64([2 * CHANNELS])]), 'numbers')
  const bytes = encodeModel({
    irVersion: 9,
    producerName: 'assay',
    opsetImport: [
      { domain: '', version: 18 },
      { domain: NCHWC, version: 1 },
    ],
    graph: {
      name: 'block',
      node: builder.nodes,
      initializer: builder.initializers,
      input: [valueInfo('map', { dtype: 'float32', shape: [1, CHANNELS, 1, 2] })],
      output: [valueInfo('numbers', { dtype: 'float32', shape: [2 * CHANNELS] })],
    },
  })
  try {
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 })
    const map = Float32Array.from({ length: 2 * CHANNELS }, (_, i) => i)
    const { numbers } = await session.run({ map: new Tensor('float32', map, [1, CHANNELS, 1, 2]) })
    await session.release()
    // Channel c at column x was number 2c + x; in blocks of b, channels 0 to b - 1 of column 0 come first.
    const data = numbers !== undefined && 'data' in numbers && numbers.data instanceof Float32Array ? numbers.data : []
    const run = Array.from(data).findIndex((value, i) => value !== 2 * i)
    return run === 8 || run === 16 ? run : 0
  } catch {
    return 0
  }
}
