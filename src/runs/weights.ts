import { readFile } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import { UsageError } from '../errors.ts'
import { decodeStateDict, encodeStateDict, loadStateDict, stateDict, type Variables } from '../nn/index.ts'
import { weightsOnly } from './checkpoint.ts'

/**
 * Writes weights and running statistics to a `.safetensors` file, under PyTorch's names. The file appears whole or not at all.
 *
 * @param metadata strings to keep beside the weights
 * @example
 * await saveWeights('net.safetensors', state.variables, { epochs: '3' })
 */
export async function saveWeights(
  path: string,
  variables: Variables,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(path, Buffer.from(encodeStateDict(stateDict(variables), metadata)))
}

/**
 * Variables with the numbers of a `.safetensors` file: one that PyTorch or {@link saveWeights} wrote, or a run's checkpoint,
 * whose optimiser state is left out.
 *
 * @param variables of the model that the weights are for; left as they are
 * @throws UsageError where there is no such file, it is no safetensors file, or its names and shapes are not the model's
 * @example
 * const variables = await loadWeights('net.safetensors', initialize(model, key(0), [1, 28, 28]))
 */
export async function loadWeights(path: string, variables: Variables): Promise<Variables> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new UsageError(`there is no file ${path}: give the path of a .safetensors file`)
    throw new UsageError(`${path} cannot be read (${error.message}): give the path of a .safetensors file`)
  })
  try {
    return loadStateDict(variables, weightsOnly(decodeStateDict(bytes)))
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${path}: ${error.message}`, { cause: error })
    throw error
  }
}
