/**
 * Assay: describe an experiment in one file, train it, look inside it. What an experiment file needs is exported here;
 * ops on tensors are in `assay/tensor`, gradients in `assay/autodiff`, programs in `assay/runtime`.
 *
 * @module
 */
import './notebook/register.ts'

export * from './data/node.ts'
export * from './portable.ts'
export { loadWeights, saveWeights } from './runs/weights.ts'
export {
  type OnnxModel,
  type OnnxModelOptions,
  type OnnxPrediction,
  type OnnxSamples,
  onnxModel,
} from './runtime/ort/node.ts'
