import { imageSheet } from '../../figures/index.ts'
import { percent, value } from '../../report/format.ts'
import { bundleOf, type Part } from '../bundle.ts'
import { type Predicted, type Prediction, predictedKind } from '../predicted.ts'

/** Likeliest classes that are named. */
const LIKELY = 3
/** Pictures in a row. */
const COLUMNS = 5

predictedKind.show(async (predicted) => {
  const table: Part = {
    kind: 'table',
    caption: '',
    columns: [{ title: 'sample', kind: 'number' }, { title: 'prediction' }],
    rows: predicted.predictions.map((prediction, i) => [String(i), said(prediction)]),
  }
  return bundleOf([...(await pictures(predicted)), table])
})

function said(prediction: Prediction): string {
  if (prediction.task === 'regression') return prediction.outputs.map((output) => value(output)).join(', ')
  return prediction.probabilities
    .slice(0, LIKELY)
    .map((one) => `${one.class} ${percent(one.probability, 1)}`)
    .join(', ')
}

/** The samples as they are, where they are images. */
async function pictures({ inputs, shape, predictions }: Predicted): Promise<Part[]> {
  const [channels, height = 1, width = 1] = shape
  if (shape.length !== 3 || (channels !== 1 && channels !== 3) || height < 2 || width < 2) return []
  const size = channels * height * width
  const images = predictions.map((prediction, i) => ({
    data: inputs.slice(i * size, (i + 1) * size),
    shape: [channels, height, width] as const,
    ...(prediction.task === 'classification' && { caption: prediction.predicted }),
  }))
  const rows = Array.from({ length: Math.ceil(images.length / COLUMNS) }, (_, r) => ({
    images: images.slice(r * COLUMNS, (r + 1) * COLUMNS),
  }))
  const alt = `${images.length} images and what the network takes them for: ${predictions.map(said).join('; ')}`
  return [{ picture: { svg: await imageSheet(rows, { height: 84 }), alt } }]
}
