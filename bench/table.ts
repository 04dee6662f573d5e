import { entries } from './peers/index.ts'
import type { EpochResult, Result, ResultStanding } from './results.ts'
import { works } from './work/index.ts'

/** Markdown for a README: a row a work, a column a peer, and below it who was left out and why. */
export function markdownTable(results: readonly Result[]): string {
  const order = works.map(({ name }) => name)
  const sorted = [...results].sort((a, b) => order.indexOf(a.work) - order.indexOf(b.work) || a.batch - b.batch)
  const peers = entries.filter(({ name }) =>
    sorted.some(({ standings }) => standings.some(({ peer }) => peer === name)),
  )
  const head = ['work', 'batch', ...peers.map(({ name, title }) => titleWithVersion(sorted, name, title)), 'of GEMM']
  const rows = sorted.map((result) => {
    const at = (name: string): ResultStanding | undefined => result.standings.find(({ peer }) => peer === name)
    const ours = at(entries[0]?.name ?? '')
    return [
      result.title,
      String(result.batch),
      ...peers.map(({ name }) => cell(result, at(name))),
      ours === undefined ? '—' : `${(100 * ours.share).toFixed(0)} %`,
    ]
  })
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
  return [
    lines.map((line) => `| ${line.join(' | ')} |`).join('\n'),
    describeSetting(sorted),
    describeMemory(sorted),
    describeLeftOut(sorted),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** Markdown of an epoch: a row a peer. */
export function epochTable({
  title,
  batch,
  training,
  validation,
  standings,
  rounds,
  threads,
  machine,
}: EpochResult): string {
  const head = ['peer', 'an epoch', 'ratio', 'test accuracy', 'memory']
  const rows = standings.map((standing) => epochCells(standing))
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
  const count = (value: number): string => value.toLocaleString('en')
  return [
    lines.map((line) => `| ${line.join(' | ')} |`).join('\n'),
    `${title} on MNIST, batch ${batch}, ${count(training)} samples and ${count(validation)} to validate on: median of ` +
      `${rounds} rounds, test accuracy after the one epoch as the mean over as many seeds. ${threads} threads, ` +
      `${machine.cpu}, Node ${machine.node}.`,
  ].join('\n\n')
}

/** One peer's line: who, time, ratio, test accuracy, memory. */
export function epochCells({ title, version, median, ratio, accuracies, peakMemory }: EpochStanding): string[] {
  const percentages = accuracies.map((accuracy) => 100 * accuracy)
  const mean = percentages.reduce((sum, value) => sum + value, 0) / percentages.length
  const range = [Math.min(...percentages), Math.max(...percentages)].map((value) => value.toFixed(2)).join(' to ')
  return [
    `${title} ${version}`,
    `${(median / 1000).toFixed(1)} s`,
    ratio === null ? '—' : ratio.toFixed(2),
    `${mean.toFixed(2)} % (${range})`,
    megabytes(peakMemory),
  ]
}

type EpochStanding = EpochResult['standings'][number]

function titleWithVersion(results: readonly Result[], name: string, title: string): string {
  const versions = results.flatMap(({ standings }) =>
    standings.filter(({ peer }) => peer === name).map(({ version }) => version),
  )
  return [title, ...new Set(versions)].join(' ')
}

/** Time of a step, or what it comes to in a second or a model, and the ratio to Assay's. */
function cell({ task, batch, members }: Result, standing: ResultStanding | undefined): string {
  if (standing === undefined) return '—'
  const { median, ratio, peer } = standing
  const value =
    task === 'inference' && batch > 1
      ? `${Math.round((1000 * batch) / median).toLocaleString('en')}/s`
      : `${milliseconds(median / members)}${members > 1 ? ' a model' : ''}`
  return peer === entries[0]?.name || ratio === null ? value : `${value} (${significant(ratio)})`
}

export const milliseconds = (value: number): string => `${significant(value)} ms`

/** Three digits, or whole numbers with commas. */
const significant = (value: number): string =>
  value < 99.95 ? value.toPrecision(3) : Math.round(value).toLocaleString('en')

function describeSetting(results: readonly Result[]): string {
  const different = <T>(values: readonly T[]): string => [...new Set(values)].join(', ')
  const peaks = results.map(({ peak }) => peak)
  return (
    'Median time of a step, in brackets the ratio to Assay’s (above 1: Assay is faster); "of GEMM" is Assay’s share of ' +
    `the GFLOP/s of a matrix product, ${Math.round(Math.min(...peaks))} to ${Math.round(Math.max(...peaks))} in the same ` +
    `rounds. ${different(results.map(({ threads }) => threads))} threads, ` +
    `${different(results.map(({ rounds }) => rounds))} rounds, ${different(results.map(({ machine }) => machine.cpu))}, ` +
    `Node ${different(results.map(({ machine }) => machine.node))}, ${different(results.map(({ date }) => date.slice(0, 10)))}.`
  )
}

/** Peak memory where it matters: of the training with the most to do. */
function describeMemory(results: readonly Result[]): string {
  const [heaviest] = results.filter(({ task }) => task === 'training').sort((a, b) => b.flops - a.flops)
  const known = heaviest?.standings.filter(({ peakMemory }) => peakMemory !== null) ?? []
  if (heaviest === undefined || known.length === 0) return ''
  const each = known.map(({ title, peakMemory }) => `${title} ${megabytes(peakMemory)}`)
  return `Peak memory of the process, ${heaviest.title}, batch ${heaviest.batch}: ${each.join(', ')}.`
}

export const megabytes = (bytes: number | null): string => (bytes === null ? '—' : `${Math.round(bytes / 2 ** 20)} MB`)

function describeLeftOut(results: readonly Result[]): string {
  const byReason = new Map<string, string[]>()
  for (const { title, batch, leftOut } of results)
    for (const { title: peer, reason } of leftOut) {
      const key = `${peer}: ${reason}`
      byReason.set(key, [...(byReason.get(key) ?? []), `${title} (batch ${batch})`])
    }
  const lines = [...byReason].map(([reason, where]) => `- ${reason}: ${where.join('; ')}`)
  return lines.length === 0 ? '' : ['Left out:', ...lines].join('\n')
}
