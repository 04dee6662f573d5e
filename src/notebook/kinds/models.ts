import { summaryKind } from '../../nn/summary.ts'
import { whole } from '../../report/format.ts'
import { bundleOf } from '../bundle.ts'

const number = (value: number): string => (value === 0 ? '' : whole(value))

summaryKind.show(({ rows, parameters, macs }) =>
  bundleOf([
    {
      kind: 'table',
      caption: `${whole(parameters)} parameters; ${whole(macs)} multiply-accumulates a sample`,
      columns: [
        { title: 'weights', kind: 'word' },
        { title: 'layer' },
        { title: 'output', kind: 'number' },
        { title: 'parameters', kind: 'number' },
        { title: 'MACs', kind: 'number' },
        { title: 'sees', kind: 'number' },
      ],
      rows: rows.map((row) => [
        row.path,
        row.layer,
        row.outputShape.join('×'),
        number(row.parameters),
        number(row.macs),
        row.receptiveField?.join('×') ?? '',
      ]),
    },
  ]),
)
