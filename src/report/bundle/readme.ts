import { time, whole } from '../format.ts'
import type { ChosenRun } from './chosen.ts'
import type { BundleFile, Gap } from './file.ts'

export interface ReadBundle {
  readonly name: string
  readonly date: string
  readonly chosen: readonly ChosenRun[]
  readonly runs: number
  readonly gaps: readonly Gap[]
  readonly files: readonly BundleFile[]
  readonly data: readonly { readonly name: string; readonly train: string; readonly test: string }[]
}

const FOLDERS = [
  ['report/', 'the report, in every format that was built'],
  ['code/', 'the experiments and what they import, with the lock file of the packages'],
  ['models/', 'a folder for each model: README, weights, the network as ONNX, manifest, predictions'],
  ['figures/', 'figures, each with its numbers as CSV and its specification'],
  ['training/', 'pictures of the training: the terminal’s lines, the curves as they were after several epochs'],
] as const

/** The first page of a bundle, as Markdown: what is where, how to run it again, what is missing. */
export function bundleReadme({ name, date, chosen, runs, gaps, files, data }: ReadBundle): string {
  const there = FOLDERS.filter(([folder]) => files.some(({ path }) => path.startsWith(folder)))
  return [
    `# ${name}`,
    `Of ${whole(runs)} run${runs === 1 ? '' : 's'}, the last of which ended ${time(date)}.`,
    '## What is where',
    [
      ...there.map(([folder, what]) => `- \`${folder}\`: ${what}`),
      '- `seeds.json`: every run with its seed and settings',
      '- `MANIFEST.json`: every file with its size, its SHA-256, what it is, and of which run',
      '- `SHA256SUMS`: the same sums, checked by `sha256sum -c SHA256SUMS`',
    ].join('\n'),
    '## Models',
    chosen.length === 0
      ? 'There are none: no run has finished.'
      : chosen
          .map(
            ({ folder, name: model, run, because }) =>
              `- [${model}](models/${folder}/README.md): run \`${run.id}\`, chosen ${because}`,
          )
          .join('\n'),
    '## How to run it again',
    'Needs Node.js 20.19 or later. In `code/`:',
    ['```sh', 'npm install', ...again(chosen), '```'].join('\n'),
    `Data sets are not in the bundle. The runs were made on ${data.map((one) => `${one.name} (training data ${one.train.slice(0, 12)}, test data ${one.test.slice(0, 12)})`).join('; ')}.`,
    '## What is missing',
    gaps.length === 0
      ? 'Nothing.'
      : gaps
          .map(({ about, text, isRequired }) => `- ${isRequired ? '**' : ''}${about}${isRequired ? '**' : ''}: ${text}`)
          .join('\n'),
    '',
  ].join('\n\n')
}

function again(chosen: readonly ChosenRun[]): string[] {
  const files = [...new Set(chosen.flatMap(({ run }) => run.manifest.code.file ?? []))]
  return [
    ...chosen
      .filter(({ run }) => run.manifest.code.file !== undefined)
      .map(({ folder }) => `npx assay test-model ../models/${folder}    # the stored predictions again`),
    ...files.map((file) => `npx assay run ${file}    # all of it again`),
  ]
}
