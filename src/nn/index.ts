export { parseConfig } from './config.ts'
export { type Application, applyModel, type Context, type LayerCall } from './context.ts'
export { initialize, outputShape, symbolic } from './initialize.ts'
export * from './initializers/index.ts'
export { type Config, describeLayer, type Layer, type LayerDefinition, layer } from './layer.ts'
export * from './layers/index.ts'
export * from './losses/index.ts'
export { type Outline, type OutlineBranch, type OutlineLayer, outline } from './outline.ts'
export { type Population, type PopulationApplication, type PopulationOptions, population } from './population.ts'
export {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsPlace,
  type SafetensorsTensor,
  safetensorsBeginning,
  safetensorsLayout,
} from './safetensors.ts'
export { decodeStateDict, encodeStateDict } from './stateDictFile.ts'
export { type Summary, type SummaryRow, summary } from './summary.ts'
export {
  isWeights,
  loadStateDict,
  parameterCount,
  type StateDict,
  stateDict,
  type TensorTree,
  type Variables,
  type Weights,
  type WeightTree,
} from './variables.ts'
