/**
 * Side by side with peers, in one run: `npm run bench -- convnet`. Prints medians and ratios (peer's time / Assay's) and
 * writes them to `bench/results/`.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { contest, type Peer } from './contest.ts'
import { assay } from './peers/assay.ts'
import { pytorch } from './peers/pytorch.ts'
import { convnet } from './work/convnet.ts'

const work = { convnet }
const plans = [
  { name: 'convnet', batch: 64, rounds: 9, steps: 40 },
  { name: 'convnet', batch: 128, rounds: 9, steps: 20 },
]

const [, , wanted] = process.argv
const chosen = plans.filter(({ name }) => wanted === undefined || name === wanted)
if (chosen.length === 0) {
  process.stderr.write(
    `no benchmark is named "${wanted}"; there are ${[...new Set(plans.map(({ name }) => name))].join(', ')}\n`,
  )
  process.exit(2)
}

const threads = availableParallelism()
const torch = await pytorch(threads)
if (torch === undefined)
  process.stderr.write('PyTorch is not installed and left out (Debian: python3-torch libopenblas0-pthread)\n')
const peers: readonly Peer[] = [assay(work), ...(torch === undefined ? [] : [torch])]

const results = []
for (const { name, batch, rounds, steps } of chosen) {
  const standings = await contest(peers, name, batch, { rounds, steps })
  process.stdout.write(`${name}, batch ${batch}, ${threads} threads, median of ${rounds} rounds of ${steps} steps\n`)
  for (const { name: peer, median, ratio } of standings)
    process.stdout.write(
      `  ${peer.padEnd(16)} ${median.toFixed(2).padStart(8)} ms a step   ratio ${ratio.toFixed(2)}\n`,
    )
  results.push({ name, batch, threads, rounds, steps, standings })
}
for (const peer of peers) peer.close()

const folder = new URL('./results/', import.meta.url)
await mkdir(folder, { recursive: true })
const result = { date: new Date().toISOString(), cpu: cpus()[0]?.model ?? 'unknown', results }
await writeFile(new URL(`${wanted ?? 'all'}.json`, folder), `${JSON.stringify(result, null, 2)}\n`)
