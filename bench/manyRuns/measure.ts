import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { writeRuns } from './folder.ts'

/** Name of the benchmark of commands over a folder of many runs. */
export const RUNS = 'runs'

const MAIN = resolve(import.meta.dirname, '../../dist/cli/main.js')

/** What people do with a folder of runs, as they do it: a process each. */
const commands: readonly (readonly string[])[] = [
  ['--version'],
  ['runs'],
  ['runs', '--where', 'lr < 0.01 AND accuracy > 0.98'],
  ['sql', 'SELECT name, count(*), avg(seconds) FROM runs GROUP BY name'],
  [
    'sql',
    "SELECT name, lr, mean, sd FROM seeds JOIN (SELECT DISTINCT group_id, lr FROM runs) USING (group_id) WHERE split = 'test'",
  ],
  ['compare', 'grid-3', '--no-latency', '--metric', 'accuracy'],
  ['sql', 'SELECT metric, count(*), avg(value) FROM metrics GROUP BY metric'],
]

/** Seconds that a command took, round by round. */
export interface CommandTimes {
  readonly command: string
  readonly seconds: readonly number[]
  readonly median: number
}

/**
 * Times commands over a folder of runs, made for it and removed afterwards; in turns, so that a disturbance is not one command's alone.
 *
 * @param note - told what goes on
 */
export async function measureRuns(
  { runs, points, rounds }: { readonly runs: number; readonly points: number; readonly rounds: number },
  note: (text: string) => void,
): Promise<CommandTimes[]> {
  const root = await mkdtemp(join(tmpdir(), 'assay-bench-runs-'))
  try {
    note(`writing ${runs} runs of ${points} points …`)
    writeRuns(root, runs, points)
    const seconds = commands.map((): number[] => [])
    for (let round = 0; round < rounds; round++)
      for (const [c, command] of commands.entries()) seconds[c]?.push(await timed(command, root))
    return commands.map((command, c) => {
      const own = (seconds[c] ?? []).toSorted((a, b) => a - b)
      return { command: spelled(command), seconds: own, median: own[own.length >> 1] ?? Number.NaN }
    })
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function timed(command: readonly string[], root: string): Promise<number> {
  const began = performance.now()
  const where = command[0]?.startsWith('--') ? [] : ['--runs', root]
  await promisify(execFile)(process.execPath, [MAIN, ...command, ...where], { maxBuffer: 2 ** 30 })
  return (performance.now() - began) / 1000
}

const spelled = (command: readonly string[]): string =>
  ['assay', ...command.map((part) => (/\s/.test(part) ? `"${part}"` : part))].join(' ')
