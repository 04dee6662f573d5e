import { resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import pc from 'picocolors'
import { UsageError } from '../errors.ts'
import { type Bundle, type Check, checkBundle, openBundle, writeBundle } from '../report/bundle/index.ts'
import { groupReportFolder, groupTitle } from '../report/index.ts'
import { openRuns } from '../runs/index.ts'
import { interruptible } from './interrupts.ts'
import { note, print, printJson } from './output.ts'
import { wholeNumber } from './parse.ts'
import { rerunBundle } from './rerunBundle.ts'
import { type TaskBar, taskBar } from './taskBar.ts'

export const bundleCommand = new Command('bundle')
  .description(
    'Pack what is to be handed in: report, code, models, figures, pictures of the training, sums; and check it',
  )
  .argument('[runs...]', 'names of experiments or grids, groups, or runs: id, beginning of an id, folder, or "latest"')
  .option('--name <name>', 'of the zip: firstname_lastname_what, such as ada_lovelace_hw2')
  .option(
    '--report <files...>',
    'built files (built/report.pdf), or the source whose built/ folder is taken whole; default: built/',
  )
  .option('--code <paths...>', 'files and folders of code beside the experiments and what they import')
  .option('--pages <n>', 'pages that a PDF of the report may have, its appendix aside', wholeNumber('--pages', 1))
  .option('--out <folder>', 'where the zip goes', '.')
  .option('--verify [zip]', 'check the zip: sums, files, pages; and run its code again, from a clean folder')
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option('--json', 'print what was packed, what is missing and what was checked as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay export bundle grid:cnn-comparison --name ada_lovelace_hw2 --report report.md --pages 6 --verify
  assay export bundle sinc mnist-convnet --name ada_lovelace_hw1 --code notes/
  assay export bundle --verify ada_lovelace_hw2.zip

Of each experiment the best run by the validation split goes into models/, with its weights, the network as ONNX, its
predictions and a README. Data sets are not packed. Start it in the folder in which the runs were made.

The zip is always written, and says what is missing in its README.md and MANIFEST.json.
Exit code: 0 whole, and every check passed; 1 something required is missing or wrong; 2 wrong use; 130 interrupted.`,
  )
  .action(async (names, { name, verify, pages, report, code, out, runs, json = false }) => {
    const limit = pages === undefined ? {} : { pages }
    const bar = taskBar()
    try {
      await interruptible(async (check) => {
        const tell = (task: string, share: number): void => {
          check()
          bar.at(task, share)
        }
        if (typeof verify === 'string' && names.length === 0 && name === undefined) {
          const checks = await verified(resolve(verify), limit, tell)
          bar.stop()
          if (json) printJson({ path: resolve(verify), checks })
          else for (const one of checks) print(checkLine(one))
          if (checks.some(({ isGood }) => !isGood)) process.exitCode = 1
          return
        }
        if (typeof verify === 'string')
          throw new UsageError(
            `export bundle: --verify ${verify} is for a zip that is there: give it alone, or --verify last and without a file`,
          )
        if (name === undefined)
          throw new UsageError('export bundle: give the hand-in a name with --name, such as ada_lovelace_hw2')
        if (names.length === 0)
          throw new UsageError('export bundle: say which runs, by the name of an experiment or a grid, or by their ids')
        const root = resolve(runs)
        const { groups, damaged } = await openRuns(root, names)
        for (const { folder, reason } of damaged) note(`left out: ${folder}: ${reason}`)
        const bundle = await writeBundle(groups, {
          ...{
            name,
            out,
            ...limit,
            page: groupReportFolder(root, groupTitle(groups)),
            onProgress: (share, detail) => tell(detail, share),
          },
          ...(report && { reports: report }),
          ...(code && { code }),
        })
        const checks = verify === true ? await verified(bundle.path, limit, tell) : undefined
        bar.stop()
        if (json)
          printJson({ path: bundle.path, isWhole: bundle.isWhole, ...bundle.manifest, ...(checks && { checks }) })
        else tellBundle(bundle, checks)
        if (!bundle.isWhole || checks?.some(({ isGood }) => !isGood)) process.exitCode = 1
      })
    } finally {
      bar.stop()
    }
  })

async function verified(path: string, limit: { readonly pages?: number }, tell: TaskBar['at']): Promise<Check[]> {
  tell('checking', Number.NaN)
  const bundle = await openBundle(path)
  const checks = checkBundle(bundle, limit)
  const { manifest } = bundle
  if (manifest === undefined) return checks
  return [...checks, ...(await bundle.unpacked((folder) => rerunBundle(folder, manifest, tell)))]
}

function tellBundle({ path, manifest, isWhole }: Bundle, checks: readonly Check[] | undefined): void {
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  print(`${path}  ${manifest.files.length} files, ${(bytes / 2 ** 20).toFixed(1)} MB unpacked`)
  for (const { folder, run, chosen } of manifest.models) print(`  ${folder}: run ${run}, chosen ${chosen}`)
  for (const { about, text, isRequired } of manifest.missing)
    print(`${isRequired ? pc.red('missing') : pc.yellow('note')}  ${about}: ${text}`)
  for (const one of checks ?? []) print(checkLine(one))
  if (isWhole && manifest.missing.length === 0) print('Nothing is missing.')
}

const checkLine = ({ what, isGood, text }: Check): string => `${isGood ? pc.green('✓') : pc.red('✗')} ${what}: ${text}`
