import './telemetry.ts'
import { readFile, stat } from 'node:fs/promises'
import * as ort from 'onnxruntime-node'
import { UsageError } from '../../errors.ts'
import { setDefaultRuntime } from '../runtime.ts'
import { type OnnxModel, type OnnxModelOptions, openOnnxModel } from './onnxModel.ts'
import { ortRuntime } from './session.ts'

export type { OnnxModel, OnnxModelOptions, OnnxPrediction } from './onnxModel.ts'
export type { OnnxSamples } from './onnxValues.ts'

/** ONNX Runtime's native CPU kernels, from the npm package onnxruntime-node. */
export const nodeRuntime = ortRuntime('onnxruntime-node', ort, 'native')

setDefaultRuntime(nodeRuntime)

/**
 * A network from an `.onnx` file, whoever wrote it: PyTorch, scikit-learn, Keras or Assay. Weights that lie in files beside
 * it are found when the path is given.
 *
 * @param source path of the file, or its bytes
 * @throws UsageError where there is no such file, it is no ONNX file, or it does not take one input of numbers
 * @example
 * const model = await onnxModel('runs/mnist-convnet-s0-1/model.onnx')
 * const { data, shape } = await model.predict(images) // logits, [samples, 10]
 * await model.dispose()
 */
export async function onnxModel(source: string | Uint8Array, options: OnnxModelOptions = {}): Promise<OnnxModel> {
  if (typeof source !== 'string') {
    const bytes = async () => source
    return openOnnxModel(
      { name: 'the model', bytes, open: (session) => ort.InferenceSession.create(source, session) },
      options,
    )
  }
  const found = await stat(source).catch(() => undefined)
  if (found === undefined || !found.isFile())
    throw new UsageError(`there is no file ${source}: give the path of an .onnx file`)
  return openOnnxModel(
    {
      name: source,
      open: (session) => ort.InferenceSession.create(source, session),
      bytes: () => readFile(source),
    },
    options,
  )
}
