import { confusionMatrixFigure, precisionRecallFigure, rocFigure } from '../../figures/index.ts'
import { confusionKind } from '../../metrics/confusion.ts'
import { precisionRecallKind, rocKind } from '../../metrics/curves.ts'
import { percent, whole } from '../../report/format.ts'
import { judgementKind } from '../../runs/testModel/judge.ts'
import { bundleOf } from '../bundle.ts'
import { scoreTable } from './scoreTable.ts'

rocKind.show((curve) => bundleOf([rocFigure([{ name: 'ROC', curve }])]))

confusionKind.show(({ counts }) =>
  bundleOf([
    confusionMatrixFigure(
      counts,
      counts.map((_, c) => String(c)),
    ),
  ]),
)

precisionRecallKind.show((curve) => bundleOf([precisionRecallFigure([{ name: 'precision-recall', curve }])]))

judgementKind.show(({ samples, scores, confusion, perClass = [] }) =>
  bundleOf([
    scoreTable(`${whole(samples)} samples`, scores),
    ...(perClass.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            caption: 'By class',
            columns: [
              { title: 'class' },
              ...['samples', 'precision', 'recall', 'f1'].map((title) => ({ title, kind: 'number' as const })),
            ],
            rows: perClass.map((row) => [
              row.class,
              whole(row.samples),
              ...[row.precision, row.recall, row.f1].map((share) => percent(share)),
            ]),
          },
        ]),
    ...(confusion === undefined
      ? []
      : [
          confusionMatrixFigure(
            confusion.counts,
            confusion.counts.map((_, c) => perClass[c]?.class ?? String(c)),
          ),
        ]),
  ]),
)
