import { adam, arrays, crossEntropy, experiment, key, linear, sequential, uniform } from 'assay'

/** Sixty samples of [1, 8, 8] noise in three classes, on which each broken experiment changes one thing. */
export const samples = 60
export const noise = uniform(key(1), samples * 64)
export const labels = Int32Array.from({ length: samples }, (_, i) => i % 3)

export const dataOf = (
  data: Float32Array<ArrayBufferLike> = noise,
  classLabels: Int32Array<ArrayBufferLike> = labels,
  classes: readonly string[] = ['a', 'b', 'c'],
) =>
  arrays({
    name: 'noise',
    inputs: { data, shape: [1, 8, 8] },
    targets: { task: 'classification', labels: classLabels, classes },
  })

export const base = experiment({
  name: 'broken',
  data: dataOf(),
  model: sequential(linear(3)),
  loss: crossEntropy(),
  optimizer: adam(),
  epochs: 1,
})
