/** Someone who can do the work: a library, in this process or another. */
export interface Peer {
  readonly name: string
  /** Does `steps` steps and says how long each took, in ms. */
  run(work: string, batch: number, steps: number): Promise<readonly number[]>
  close(): void
}

export interface Standing {
  readonly name: string
  /** Median of all steps of all rounds, ms. */
  readonly median: number
  /** Median over rounds of (this peer's median in the round / ours in the same round). */
  readonly ratio: number
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2
}

/**
 * Lets peers work in turn, round after round, so that a machine that slows down slows everyone. The first round warms up
 * and does not count.
 */
export async function contest(
  peers: readonly Peer[],
  work: string,
  batch: number,
  { rounds, steps }: { readonly rounds: number; readonly steps: number },
): Promise<Standing[]> {
  const times = peers.map((): number[][] => [])
  for (let round = 0; round <= rounds; round++)
    for (const [i, peer] of peers.entries()) {
      const measured = await peer.run(work, batch, steps)
      if (round > 0) times[i]?.push([...measured])
    }
  const [ours = []] = times
  return peers.map(({ name }, i) => {
    const own = times[i] ?? []
    return {
      name,
      median: median(own.flat()),
      ratio: median(own.map((round, r) => median(round) / median(ours[r] ?? []))),
    }
  })
}
