import { UsageError } from '../errors.ts'
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts'
import type { StateDict, Weights } from './variables.ts'

/**
 * The bytes of a `.safetensors` file with weights by name. PyTorch loads it with `safetensors.torch.load_file` and
 * `load_state_dict(..., strict=True)`.
 *
 * @param metadata strings to keep beside the weights
 * @example
 * const bytes = encodeStateDict(stateDict(variables), { run: 'mnist-convnet-s0' })
 */
export const encodeStateDict = (dict: StateDict, metadata: Readonly<Record<string, string>> = {}): Uint8Array =>
  encodeSafetensors(
    Object.fromEntries(Object.entries(dict).map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data }])),
    metadata,
  )

/** PyTorch counts batches in int64 beside the running statistics; nothing here needs the counts. */
const isCounter = (name: string): boolean => name.endsWith('num_batches_tracked')

/**
 * Weights by name from the bytes of a `.safetensors` file, PyTorch's and Assay's alike, for `loadStateDict`. PyTorch's
 * counters `num_batches_tracked` are left out.
 *
 * @throws UsageError where the bytes are no such file, or a tensor is not float32
 * @example
 * const trained = loadStateDict(initialize(model, key(0), [1, 28, 28]), decodeStateDict(bytes))
 */
export function decodeStateDict(bytes: Uint8Array): StateDict {
  const weights = Object.entries(decodeSafetensors(bytes).tensors)
    .filter(([name]) => !isCounter(name))
    .map(([name, tensor]): [string, Weights] => {
      if (tensor.dtype === 'F32') return [name, { shape: tensor.shape, data: tensor.data }]
      throw new UsageError(
        `tensor "${name}" has dtype ${tensor.dtype}, and weights are F32: convert it before saving (PyTorch: tensor.float())`,
      )
    })
  return Object.fromEntries(weights)
}
