import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { storageTypeOf } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import { runSnapshots } from '../../inspect/index.ts'
import { linear, mse, sequential, tanh } from '../../nn/index.ts'
import { sgd } from '../../optim/index.ts'
import { saveWeights } from '../../runs/index.ts'
import { type LoadedNetwork, type Samples, testedNetwork } from '../../runs/testModel/index.ts'
import '../../runtime/ort/node.ts'
import { classify, convolve } from '../../testing/experiments.ts'
import { sine } from '../../testing/made.ts'
import { finishedManifest } from '../../testing/runFolder.ts'
import { type Experiment, experiment, initialVariables, prepare } from '../../train/index.ts'
import { toSvg } from '../render.ts'
import { activationPictures, receptiveFieldPictures, weightPictures } from './index.ts'
import type { NamedPicture } from './namedPicture.ts'

const folder = await mkdtemp(join(tmpdir(), 'assay-layers-'))
afterAll(() => rm(folder, { recursive: true }))

/** A network as it is drawn, and the samples that it would be trained on. */
async function drawn(of: Experiment) {
  const prepared = await prepare(of)
  const { network, target, transforms, train } = prepared
  const { inputs } = train.dataset
  const [sample, dtype] = [inputs.shape, storageTypeOf(inputs)]
  const variables = initialVariables(prepared, 0)
  const loaded: LoadedNetwork = { name: of.name, network, variables, sample, dtype, target, transforms, notes: [] }
  const samples: Samples = { ...train, name: 'training split', labelled: true, leftOut: [], notes: [] }
  return { loaded, samples, model: testedNetwork(loaded, of) }
}

const line = experiment({
  name: 'line',
  data: sine(40),
  model: sequential(linear(12), tanh(), linear(1)),
  loss: mse(),
  optimizer: sgd({ lr: 0.1 }),
  epochs: 1,
})

const namesOf = (pictures: readonly NamedPicture[]): string[] => pictures.map(({ name }) => name)
const rowsOf = (pictures: readonly NamedPicture[], name: string) =>
  pictures.find((one) => one.name === name)?.picture.rows ?? []

/** All of them become pictures. */
async function renders(pictures: readonly NamedPicture[]): Promise<void> {
  for (const { picture, sentence } of pictures) {
    expect(sentence).toMatch(/\.$/)
    if ('png' in picture) expect(picture.png.length).toBeGreaterThan(100)
    else if (picture.spec !== undefined) expect(await toSvg(picture.spec)).toContain('<svg')
  }
}

describe('receptiveFieldPictures', () => {
  it('show sizes, effective fields and dense weights of a convolutional network', async () => {
    const { loaded, samples } = await drawn(convolve)
    const { pictures, notes } = await receptiveFieldPictures(loaded, samples)
    expect(namesOf(pictures)).toEqual(['theoretical', 'effective', 'mapped-5'])
    expect(notes).toEqual([])
    expect(
      rowsOf(pictures, 'theoretical').map(({ layer, height, jumpWidth, whole }) => [layer, height, jumpWidth, whole]),
    ).toEqual([
      ['0', 3, 1, false],
      ['1', 3, 1, false],
      ['2', 3, 1, false],
      ['3', 4, 2, false],
      ['4', 4, null, false],
      ['5', 6, null, true],
    ])
    // No gradient lies outside of the theoretical field.
    expect(
      rowsOf(pictures, 'effective').map(({ layer, theoreticalWidth, inside }) => [layer, theoreticalWidth, inside]),
    ).toEqual([
      ['0', 3, 1],
      ['3', 4, 1],
    ])
    expect(rowsOf(pictures, 'mapped-5')).toHaveLength(2)
    await renders(pictures)
  })

  it('show what there is of a network on a table, and say what there is not', async () => {
    const { loaded, samples } = await drawn(classify)
    const { pictures, notes } = await receptiveFieldPictures(loaded, samples)
    expect(namesOf(pictures)).toEqual(['mapped-0', 'mapped-3'])
    expect(notes).toEqual([expect.stringContaining('have no places')])
    expect(rowsOf(pictures, 'mapped-0')).toHaveLength(2 * 16)
    await renders(pictures)
    const ask = receptiveFieldPictures(loaded, samples, { layers: ['1'] })
    await expect(ask).rejects.toThrow(UsageError)
  })
})

describe('activationPictures', () => {
  it('show states, distributions, classes and chosen inputs of a classifier', async () => {
    const { loaded, samples, model } = await drawn(convolve)
    const { pictures } = await activationPictures(loaded, model, samples, { perClass: 2 })
    expect(namesOf(pictures)).toEqual([
      'units',
      'distributions',
      'classes-2',
      'classes-5',
      'profile-map-2',
      'profile-map-5',
    ])
    expect(rowsOf(pictures, 'classes-2')).toHaveLength(2 * 4)
    expect(new Set(rowsOf(pictures, 'profile-map-2').map(({ unit }) => unit)).size).toBe(4)
    expect(rowsOf(pictures, 'profile-map-2')).toHaveLength(4 * 4)
    await renders(pictures)
  })

  it('choose inputs by their numbers in the whole split, where statistics are over a part of it', async () => {
    const { loaded, samples, model } = await drawn(convolve)
    const [few, last] = [{ ...samples, indices: samples.indices.slice(0, 3) }, samples.indices.length - 1]
    const { pictures } = await activationPictures(loaded, model, few, { inputs: [last], chosenFrom: samples })
    expect(rowsOf(pictures, 'profile-map-2')).toHaveLength(4)
  })

  it('show activation against x where an input is one number', async () => {
    const { loaded, samples, model } = await drawn(line)
    const { pictures } = await activationPictures(loaded, model, samples, { steps: 50 })
    expect(namesOf(pictures)).toEqual(['units', 'distributions', 'profile-1', 'profile-map-1', 'profile-2'])
    const rows = rowsOf(pictures, 'profile-1')
    expect(rows).toHaveLength(50 * 12)
    const xs = rows.map(({ x }) => Number(x))
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(-1)
    expect(Math.max(...xs)).toBeLessThanOrEqual(1)
    // A tanh of a line does not turn.
    expect(pictures.find(({ name }) => name === 'profile-1')?.sentence).toContain('each only rises or only falls')
    await renders(pictures)
    const beyond = activationPictures(loaded, model, samples, { layers: ['1'], units: [12] })
    await expect(beyond).rejects.toThrow('layer 1 has units 0 to 11, and number 12')
  })
})

describe('weightPictures', () => {
  it('show weights before and after, over the epochs, and without the unimportant', async () => {
    const { loaded, samples, model } = await drawn(convolve)
    const { network, variables } = loaded
    const checkpoints = join(folder, 'checkpoints')
    await mkdir(checkpoints)
    const path = join(checkpoints, 'best.safetensors')
    await saveWeights(path, variables)
    const run = { folder, manifest: finishedManifest('x', { seed: 5 }) }
    // Best weights that are those of the end are told of once.
    expect((await runSnapshots(run, loaded)).map(({ label }) => label)).toEqual(['initial', 'final'])
    await saveWeights(path, initialVariables(await prepare(convolve), 9))
    const snapshots = await runSnapshots(run, loaded)
    expect(snapshots.map(({ label }) => label)).toEqual(['initial', 'best', 'final'])
    const recorded = snapshots.map((one, epoch) => ({ ...one, epoch }))
    const judged = { network, loss: convolve.loss, variables }
    const options = { samples, recorded, shares: [0, 0.5, 1], draws: 2 }
    const { pictures, importance } = await weightPictures(judged, [1, 6, 6], snapshots, model, options)
    expect(namesOf(pictures)).toEqual([
      ...['histograms', 'epochs', 'norms', 'spectra', 'filters-0', 'ablation-loss', 'ablation-accuracy'],
    ])
    expect(rowsOf(pictures, 'ablation-loss')).toHaveLength((2 + 2) * 3)
    expect(importance.map(({ name, by }) => [name, by])).toEqual([
      ['0.weight', 'magnitude'],
      ['5.weight', 'magnitude'],
      ['0.weight', 'magnitude × gradient'],
      ['5.weight', 'magnitude × gradient'],
    ])
    // Ranked on others, weights are ranked otherwise by their gradients and as before by their size.
    const rankedOn = { ...samples, indices: samples.indices.slice(0, 3) }
    const other = await weightPictures(judged, [1, 6, 6], snapshots, model, { ...options, rankedOn })
    expect(other.importance.slice(0, 2)).toEqual(importance.slice(0, 2))
    expect(other.importance.slice(2)).not.toEqual(importance.slice(2))
    await renders(pictures)
  })

  it('leave out what was not asked for, and refuse a layer without weights', async () => {
    const { loaded, model } = await drawn(line)
    const { network, variables } = loaded
    const judged = { network, loss: line.loss, variables }
    const snapshots = [{ label: 'final', variables }]
    const { pictures } = await weightPictures(judged, [1], snapshots, model, { layers: ['2'] })
    expect(namesOf(pictures)).toEqual(['histograms', 'norms', 'spectra'])
    expect(new Set(rowsOf(pictures, 'norms').map(({ name }) => name))).toEqual(new Set(['2.weight', '2.bias']))
    await renders(pictures)
    const none = weightPictures(judged, [1], snapshots, model, { layers: ['1'] })
    await expect(none).rejects.toThrow('layer 1 has no weights to look at')
  })
})
