import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Run } from '../../../../runs/index.ts'
import { pictureIn } from '../pictureFile.ts'
import type { FigureBlock } from './maker.ts'

/** What the figures of a run's report show, for those that a run leaves in its folder. */
const CAPTIONS: Readonly<Record<string, string>> = {
  'training-curves':
    'Metrics at the end of each epoch: training solid, validation dashed. Vertical axes need not start at zero.',
  'confusion-matrix':
    'Confusion matrix on the test split. Rows are true classes. Hits are blue; mistakes are orange on a square-root scale of their own; empty cells are zero.',
  'confusion-matrix-normalized': 'Confusion matrix on the test split, in percent of each true class.',
  'per-class': 'Precision, recall and F1 of each class on the test split, with its number of examples.',
  roc: 'ROC curves on the test split, each class against the rest, with the area under the curve and its 95% interval over test examples. The diagonal is chance.',
  'precision-recall':
    'Precision against recall on the test split, with average precision. The dashed line is what chance gets.',
  calibration:
    'How often the model is right when it is so sure: on the diagonal it is calibrated, below it overconfident.',
  'surest-mistakes': 'Wrong predictions that the network was surest of.',
  'most-uncertain': 'Predictions that the network was least sure of.',
}

/** A figure that training or an inspection has left in the run's folder. */
export async function keptFigure({ id, folder }: Run, name: string): Promise<FigureBlock | undefined> {
  const file = ['svg', 'png'].map((end) => join(folder, 'figures', `${name}.${end}`)).find((path) => existsSync(path))
  if (file === undefined) return undefined
  const caption = CAPTIONS[name] ?? ''
  return { kind: 'figure', picture: await pictureIn(file, `${name.replaceAll('-', ' ')} of run ${id}`), caption }
}

/** Names of the figures in a run's folder. */
export function keptNames({ folder }: Pick<Run, 'folder'>): string[] {
  const figures = join(folder, 'figures')
  return existsSync(figures)
    ? [...new Set(readdirSync(figures).flatMap((file) => /^(.+)\.(?:svg|png)$/.exec(file)?.[1] ?? []))]
    : []
}
