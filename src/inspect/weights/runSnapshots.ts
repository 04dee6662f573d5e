import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { isWeights, type Variables } from '../../nn/index.ts'
import { loadWeights, type Run } from '../../runs/index.ts'
import type { LoadedNetwork } from '../../runs/testModel/index.ts'
import { leavesOf } from '../../tensor/index.ts'
import { initialVariables } from '../../train/index.ts'
import type { WeightSnapshot } from './matrices.ts'

/**
 * A run's weights as they were drawn, at its best epoch, and as they were loaded. The best are left out where they are those of the end.
 *
 * @param label of the loaded weights; default `final`
 *
 * @example
 * (await runSnapshots(run, loaded)).map(({ label }) => label) // ['initial', 'best', 'final']
 */
export async function runSnapshots(
  { folder, manifest: { seed } }: Pick<Run, 'folder' | 'manifest'>,
  { network, sample, variables }: Pick<LoadedNetwork, 'network' | 'sample' | 'variables'>,
  label = 'final',
): Promise<WeightSnapshot[]> {
  const initial = initialVariables({ network, train: { dataset: { inputs: { shape: sample } } } }, seed)
  const path = join(folder, 'checkpoints', 'best.safetensors')
  const hasBest = await access(path).then(
    () => true,
    () => false,
  )
  const best = hasBest && label !== 'best' ? await loadWeights(path, variables) : variables
  return [
    { label: 'initial', variables: initial },
    ...(sameNumbers(best, variables) ? [] : [{ label: 'best', variables: best }]),
    { label, variables },
  ]
}

function sameNumbers(a: Variables, b: Variables): boolean {
  const others = new Map(leavesOf(b.parameters, isWeights).map(({ path, leaf }) => [path, leaf.data]))
  return leavesOf(a.parameters, isWeights).every(({ path, leaf }) =>
    leaf.data.every((value, i) => Object.is(value, others.get(path)?.[i])),
  )
}
