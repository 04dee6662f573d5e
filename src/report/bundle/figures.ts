import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChosenRun } from './chosen.ts'
import type { BundleFile } from './file.ts'

/** Pictures, specifications and numbers of the page on all runs, where it was written, and of the chosen runs. */
export async function figureFiles(chosen: readonly ChosenRun[], page: string | undefined): Promise<BundleFile[]> {
  const ofPage =
    page === undefined
      ? []
      : [
          ...(await filesIn(join(page, 'figures'), 'figures/all', 'figure of all runs')),
          ...(await filesIn(join(page, 'tables'), 'figures/all/tables', 'table of all runs')),
        ]
  const ofRuns = await Promise.all(
    chosen.map(({ folder, run }) =>
      filesIn(join(run.folder, 'figures'), `figures/${folder}`, `figure of run ${run.id}`, run.id),
    ),
  )
  return [...ofPage, ...ofRuns.flat()]
}

async function filesIn(folder: string, place: string, what: string, run?: string): Promise<BundleFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => ({
      path: `${place}/${name}`,
      content: { file: join(folder, name) },
      what,
      ...(run !== undefined && { run }),
    }))
}
