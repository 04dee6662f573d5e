import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import pc from 'picocolors'
import { openRun, readSummary } from '../runs/index.ts'
import { metric, print, printJson, table } from './output.ts'

export const showCommand = new Command('show')
  .description('Show one run: how it was made, what came out, which files it has')
  .argument('<run>', 'id, beginning of an id, folder, or "latest"')
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option('--json', 'print the manifest, the summary and the list of files as JSON')
  .addHelpText('after', '\nExample:\n  assay show latest')
  .action(async (name, { runs: root, json = false }) => {
    const run = await openRun(resolve(root), name)
    const { manifest, folder } = run
    const summary = await readSummary(run)
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1).replaceAll('\\', '/'))
      .sort()
    if (json) {
      printJson({ id: run.id, folder, manifest, summary, files })
      return
    }
    const { data, model, machine, versions, code } = manifest
    print(`${pc.bold(run.id)}  ${manifest.status}${manifest.error ? `: ${manifest.error}` : ''}`)
    print(`made      ${manifest.createdAt}${manifest.finishedAt ? ` to ${manifest.finishedAt}` : ''}`)
    print(
      `code      ${code.file ?? '–'}${code.commit ? ` at ${code.commit.slice(0, 12)}` : ''}${code.dirty ? ' with changes' : ''}`,
    )
    print(
      `data      ${data.name}: ${data.splits.train} to train, ${data.splits.validation} to validate, ${data.splits.test} to test${data.leftOut === undefined ? '' : `; ${data.leftOut} left out (left-out.json)`}`,
    )
    print(
      `machine   ${machine.cpu}, ${machine.cores} cores; Node ${versions.node}, ONNX Runtime ${versions.onnxruntime}`,
    )
    print(`folder    ${folder}\n`)
    const names = model.layers.length === 0 ? [] : Object.keys(model.layers[0] ?? {})
    const isNumber = (column: string) => model.layers.every((row) => typeof row[column] === 'number')
    print(
      table(
        names.map((head) => ({ head, align: isNumber(head) ? 'right' : 'left' })),
        model.layers.map((row) => names.map((column) => cell(row[column]))),
      ),
    )
    print(`${model.parameters.toLocaleString('en')} parameters\n`)
    const scores = Object.entries(summary ?? {}).flatMap(([split, metrics]) =>
      Object.entries(metrics).map(([key, { best, bestEpoch, last }]) => [
        split,
        key,
        metric(key, last),
        metric(key, best),
        String(bestEpoch),
      ]),
    )
    print(
      table(
        [
          { head: 'split' },
          { head: 'metric' },
          { head: 'last', align: 'right' },
          { head: 'best', align: 'right' },
          { head: 'at epoch', align: 'right' },
        ],
        scores,
      ),
    )
    print(`\n${files.join('\n')}`)
  })

const cell = (value: unknown): string => (typeof value === 'number' ? value.toLocaleString('en') : String(value ?? ''))
