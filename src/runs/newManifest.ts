import { summary as summarizeModel } from '../nn/index.ts'
import { defaultThreads } from '../runtime/index.ts'
import { configHash, describe, type Experiment, type Prepared, preparedShape } from '../train/index.ts'
import type { NewManifest } from './manifest.ts'
import { codeState, lockFileHash, machineState, versionState } from './provenance.ts'

/** What is known of a run before its first step. */
export async function newManifest(
  experiment: Experiment,
  prepared: Prepared,
  seed: number,
  { file, overrides = [], grid }: Pick<NewManifest, 'overrides' | 'grid'> & { readonly file?: string },
): Promise<NewManifest> {
  const { train, validation, test, target, network } = prepared
  const { shape } = train.dataset.inputs
  const table = summarizeModel(network.model, preparedShape(network, shape))
  const lock = await lockFileHash()
  const threads = defaultThreads()
  return {
    name: experiment.name,
    experiment: describe(experiment),
    configHash: configHash(experiment, seed),
    seed,
    code: await codeState(file),
    ...(grid && { grid }),
    ...(overrides.length > 0 && { overrides }),
    ...(lock !== undefined && { lockFileHash: lock }),
    data: {
      name: train.dataset.name,
      fingerprint: { train: train.dataset.fingerprint, test: test.dataset.fingerprint },
      splits: { train: train.indices.length, validation: validation.indices.length, test: test.indices.length },
      ...(prepared.leftOut.length > 0 && { leftOut: prepared.leftOut.length }),
      ...(target.task === 'classification' && { classes: [...target.classes] }),
      inputShape: [...shape],
      inputDtype: prepared.inputDtype === 'uint8' ? 'uint8' : 'float32',
    },
    model: {
      name: network.model.kind,
      parameters: table.parameters,
      layers: table.rows.map(({ path, layer, outputShape, parameters, macs, receptiveField }) => ({
        name: path,
        layer,
        'output shape': outputShape.join('×'),
        parameters,
        MACs: macs,
        'receptive field': receptiveField?.join('×') ?? '',
      })),
    },
    machine: { ...machineState(), ...(threads !== undefined && { threads }) },
    versions: await versionState(),
  }
}
