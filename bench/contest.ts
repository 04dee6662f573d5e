/** Someone who can take steps of the work at hand. */
export interface Contestant {
  readonly name: string
  /** Takes so many steps, or a few more, and says how long each took, in ms. */
  run(steps: number): Promise<readonly number[]>
}

export interface ContestOptions {
  /** Turns of each contestant. */
  readonly rounds: number
  /** Time that a contestant may take in a round, ms; a slow one gets fewer steps, then fewer rounds. */
  readonly budget: number
  /** Name of the contestant that the others are compared with. */
  readonly reference: string
  /** Steps a round, where they are so long that they need no warming up: then nobody is given less than others. */
  readonly steps?: number
}

export interface Standing {
  readonly name: string
  /** Median of all measured steps, ms. */
  readonly median: number
  /** Median over rounds of (its median in the round / the reference's); undefined where the reference is not there. */
  readonly ratio: number | undefined
  /** Steps measured. */
  readonly steps: number
}

export interface Dropout {
  readonly name: string
  readonly reason: string
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2
}

/** Steps measured of even the slowest. */
const LEAST_STEPS = 3
const MOST_STEPS_A_ROUND = 1000

/**
 * Lets contestants work in turn, round after round, so that a machine that slows down slows everyone. All warm up first.
 * One that fails is left out from then on, and the reason is told.
 */
export async function contest(
  contestants: readonly Contestant[],
  options: ContestOptions,
): Promise<{ readonly standings: readonly Standing[]; readonly dropouts: readonly Dropout[] }> {
  const dropouts: Dropout[] = []
  const { steps, rounds, budget } = options
  const runners = contestants.map((contestant) => ({
    ...{ contestant, steps: steps ?? 0, rounds, times: [] as number[][] },
  }))
  const isIn = ({ contestant: { name } }: { readonly contestant: Contestant }): boolean =>
    dropouts.every((dropout) => dropout.name !== name)
  const attempt = async (name: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      dropouts.push({ name, reason: error instanceof Error ? error.message : String(error) })
    }
  }

  if (steps === undefined)
    for (const runner of runners)
      await attempt(runner.contestant.name, async () => {
        Object.assign(runner, share(await warmUp(runner.contestant, budget), options))
      })
  for (let round = 0; round < rounds; round++)
    for (const runner of runners.filter(isIn)) {
      if (round >= runner.rounds) continue
      await attempt(runner.contestant.name, async () => {
        runner.times.push(await turn(runner.contestant, runner.steps))
      })
    }

  const finished = runners.filter(isIn)
  const reference = finished.find(({ contestant }) => contestant.name === options.reference)
  const standings = finished.map(({ contestant: { name }, times }): Standing => {
    const ratios =
      reference &&
      times.slice(0, reference.times.length).map((own, r) => median(own) / median(reference.times[r] ?? []))
    return { name, median: median(times.flat()), ratio: ratios && median(ratios), steps: times.flat().length }
  })
  return { standings, dropouts }
}

/** Runs four times as many steps each time until that takes a while, and says how long a step takes then, in ms. */
async function warmUp({ run }: Contestant, budget: number): Promise<number> {
  for (let steps = 1; ; steps *= 4) {
    const times = await run(steps)
    const spent = times.reduce((sum, time) => sum + time, 0)
    if (steps > 1 && (spent > budget / 4 || steps > MOST_STEPS_A_ROUND)) return median(times)
    if (steps === 1 && spent > budget) return median(await run(1))
  }
}

/** Steps a round and rounds for someone who takes so many ms a step. */
export function share(
  step: number,
  { rounds, budget }: Pick<ContestOptions, 'rounds' | 'budget'>,
): { readonly steps: number; readonly rounds: number } {
  const fitting = Math.min(MOST_STEPS_A_ROUND, Math.floor(budget / step))
  const steps = Math.max(Math.ceil(LEAST_STEPS / rounds), fitting)
  const affordable = Math.floor((rounds * budget) / (steps * step))
  return { steps, rounds: Math.min(rounds, Math.max(Math.ceil(LEAST_STEPS / steps), affordable)) }
}

/** One turn; where there are many steps, the first finds caches that others have filled and does not count. */
async function turn({ run }: Contestant, steps: number): Promise<number[]> {
  if (steps <= LEAST_STEPS) return [...(await run(steps))]
  return (await run(steps + 1)).slice(1)
}
