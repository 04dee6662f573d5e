import type { Found, RunCheck } from '../check.ts'

/** Runs whose code cannot be found again: outside a repository, or with changes that no commit has. */
export const unknownCode: RunCheck = {
  id: 'unknown-code',
  looksFor: 'runs whose code no commit holds',
  find: ({ groups }) => {
    const runs = groups.flatMap((group) => group.runs)
    const dirty = runs.filter(({ manifest: { code } }) => code.dirty !== undefined)
    const none = runs.filter(({ manifest: { code } }) => code.commit === undefined)
    const told = (those: typeof runs, saw: string, mend: string): Found[] => {
      const [first] = those
      const count =
        those.length === runs.length
          ? runs.length === 1
            ? 'The run'
            : `All ${runs.length} runs`
          : `${those.length} of ${runs.length} runs`
      return first === undefined
        ? []
        : [
            {
              severity: 'note',
              where: first.id,
              saw: `${count} ${saw}`,
              why: 'Who wants to repeat the work needs the very code that ran.',
              mend,
            },
          ]
    }
    return [
      ...told(
        dirty,
        'ran with changes that the commit lacks.',
        'Commit before the final runs, or hand in the code beside the runs (assay export bundle).',
      ),
      ...told(
        none,
        'ran outside a git repository.',
        'Keep the code in git, or hand it in beside the runs; the manifest has the hash of the experiment file.',
      ),
    ]
  },
}
