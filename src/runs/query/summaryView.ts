import { encodeNumber } from '../number.ts'
import { summariesOf } from '../read.ts'
import { replaceByTable, type StoredView } from './view.ts'

/** Best and last values, from each run's `summary.json`. */
export const summaryView: StoredView = {
  name: 'summary',
  meaning: 'one row a run, split and metric: its best and its last value',
  columns: [
    { name: 'run', type: 'VARCHAR', meaning: 'id of the run' },
    { name: 'split', type: 'VARCHAR', meaning: '`train`, `validation`, `test`, or `weights`' },
    { name: 'metric', type: 'VARCHAR', meaning: '`loss`, `accuracy`, `f1Macro`, …' },
    { name: 'goal', type: 'VARCHAR', meaning: '`min` or `max`: what is better' },
    { name: 'best', type: 'DOUBLE', meaning: 'the best value that it ever had' },
    { name: 'best_epoch', type: 'DOUBLE', meaning: 'epochs finished by then' },
    { name: 'last', type: 'DOUBLE', meaning: 'the last value: that of the trained network' },
    { name: 'last_epoch', type: 'DOUBLE', meaning: 'epochs finished by then' },
  ],
  fill: async ({ connection, runs, leaveOut }) => {
    const { summaries, damaged } = await summariesOf(runs)
    damaged.forEach(leaveOut)
    const rows = summaries.flatMap(({ run, summary = {} }) =>
      Object.entries(summary).flatMap(([split, metrics]) =>
        Object.entries(metrics).map(([metric, found]) => ({
          run: run.id,
          split,
          metric,
          goal: found.goal,
          best: encodeNumber(found.best),
          best_epoch: found.bestEpoch,
          last: encodeNumber(found.last),
          last_epoch: found.lastEpoch,
        })),
      ),
    )
    await replaceByTable(connection, summaryView, rows)
  },
}
