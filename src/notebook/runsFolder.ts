let folder = 'runs'

/**
 * Says in which folder references of a notebook look runs up: `run(…)`, `group(…)`, `figure(…)`, `table(…)` in cells. Before it is said:
 * `runs`, of the folder in which the kernel is.
 *
 * @example
 * lookUpIn('../runs')
 */
export function lookUpIn(runs: string): void {
  folder = runs
}

/** Where references look runs up. */
export const runsFolder = (): string => folder
