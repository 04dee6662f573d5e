import type { View, ViewName } from './view.ts'

/** Runs that differ in nothing but their seeds, taken together: made of `runs` and `summary`. */
export const seedsView: View = {
  name: 'seeds',
  meaning: 'one row a group, split and metric: its last values over the seeds that finished, the newest run of each',
  columns: [
    { name: 'group_id', type: 'VARCHAR', meaning: 'what the runs have in common: `runs.group_id`' },
    { name: 'name', type: 'VARCHAR', meaning: 'the experiment’s name' },
    { name: 'split', type: 'VARCHAR', meaning: '`train`, `validation`, `test`, or `weights`' },
    { name: 'metric', type: 'VARCHAR', meaning: '`loss`, `accuracy`, `f1Macro`, …' },
    { name: 'goal', type: 'VARCHAR', meaning: '`min` or `max`: what is better' },
    { name: 'n', type: 'BIGINT', meaning: 'number of seeds' },
    { name: 'mean', type: 'DOUBLE', meaning: 'mean of the last values' },
    { name: 'sd', type: 'DOUBLE', meaning: 'their standard deviation, with n − 1; NULL for one seed' },
    { name: 'min', type: 'DOUBLE', meaning: 'the smallest of them' },
    { name: 'max', type: 'DOUBLE', meaning: 'the largest' },
    { name: 'best_mean', type: 'DOUBLE', meaning: 'mean of the best values, each from its own epoch' },
    { name: 'best_sd', type: 'DOUBLE', meaning: 'their standard deviation' },
    { name: 'runs', type: 'VARCHAR[]', meaning: 'ids of the runs, by seed' },
  ],
}

/** DuckDB refuses the deviation of what is not finite: it is NaN. */
const deviation = (column: string): string =>
  `CASE WHEN bool_and(isfinite(${column})) THEN stddev_samp(${column}) FILTER (WHERE isfinite(${column})) ELSE 'NaN'::DOUBLE END`

/** What it takes of each view that it is made of. */
export const seedsNeed: ReadonlyMap<ViewName, readonly string[]> = new Map([
  ['runs', ['id', 'name', 'status', 'seed', 'group_id', 'created']],
  ['summary', ['run', 'split', 'metric', 'goal', 'best', 'last']],
])

export const seedsSql = `
  WITH newest AS (
    SELECT * FROM main.runs WHERE status = 'finished'
    QUALIFY row_number() OVER (PARTITION BY group_id, seed ORDER BY created DESC, id DESC) = 1
  )
  SELECT newest.group_id, any_value(newest.name) AS name, split, metric, any_value(goal) AS goal, count(*) AS n,
    avg(last) AS mean, ${deviation('last')} AS sd, min(last) AS "min", max(last) AS "max",
    avg(best) AS best_mean, ${deviation('best')} AS best_sd, list(newest.id ORDER BY newest.seed) AS runs
  FROM newest JOIN main.summary ON newest.id = main.summary.run
  GROUP BY newest.group_id, split, metric`
