import { UsageError } from '../../errors.ts'
import { type Run, readDivision, settingText } from '../../runs/index.ts'
import { differences, type Json } from '../../train/index.ts'

/**
 * Refuses runs between which there is no line, or none that says something: other layers, other data, another division or preparation of them, another
 * loss. How weights were drawn and trained may differ, and so may dropout: they change no prediction.
 *
 * @throws UsageError naming the first differences, with the values of both
 */
export async function requireComparable(a: Run, b: Run): Promise<void> {
  const told = differences(compared(a), compared(b)).map(
    ({ path, before, after }) => `${path} (${settingText(before)} and ${settingText(after)})`,
  )
  if (told.length === 0) {
    const [own, other] = [await readDivision(a), await readDivision(b)]
    if (own.train.length !== other.train.length || own.train.some((sample, i) => sample !== other.train[i]))
      told.push(`the division of the data (${own.train.length} and ${other.train.length} training samples)`)
  }
  if (told.length > 0)
    throw new UsageError(
      `runs ${a.id} and ${b.id} cannot be compared along a line, for they differ in ${told.slice(0, 3).join(', ')}${told.length > 3 ? ` and ${told.length - 3} more` : ''}: give runs of one architecture on the same data`,
    )
}

function compared({ manifest: { experiment, data } }: Run): Json {
  const { model, prepare, loss } = isRecord(experiment) ? experiment : {}
  return {
    'training data': data.fingerprint.train.slice(0, 12),
    'test data': data.fingerprint.test.slice(0, 12),
    model: model === undefined ? null : predicting(model),
    prepare: prepare ?? null,
    loss: loss ?? null,
  }
}

/** A layer without what says nothing of its predictions. */
function predicting(layer: Json): Json {
  if (Array.isArray(layer)) return layer.map(predicting)
  if (!isRecord(layer)) return layer
  const { init: _, biasInit: __, ...rest } = layer
  const { kind } = rest
  if (typeof kind === 'string' && kind.startsWith('Dropout')) return { kind }
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, predicting(value)]))
}

const isRecord = (value: Json): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
