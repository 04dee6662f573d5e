import type { Found, RunCheck } from '../check.ts'

/** Runs that diverged, failed, were interrupted or still go on: they are in no mean, and a grid without them is not the grid that was planned. */
export const unfinishedRuns: RunCheck = {
  id: 'unfinished-runs',
  looksFor: 'runs that diverged, failed or were interrupted',
  find: ({ groups }) =>
    groups.flatMap((group) =>
      group.runs.flatMap(({ id, manifest: { status, diverged, error, seed } }): Found[] => {
        if (status === 'finished') return []
        const how =
          diverged === true
            ? 'diverged'
            : { failed: 'failed', interrupted: 'was interrupted', running: 'is still running' }[status]
        return [
          {
            severity: diverged === true ? 'note' : 'warning',
            where: id,
            saw: `${group.label}, seed ${seed} ${how}${error === undefined ? '' : `: ${error}`}.`,
            why:
              diverged === true
                ? 'That is a result: the settings do not train. It is in no mean.'
                : 'What it would have scored is not known, and it is in no mean.',
            mend:
              diverged === true
                ? 'Report it beside the others.'
                : `Finish it (assay resume ${id}), or say that it is missing.`,
          },
        ]
      }),
    ),
}
