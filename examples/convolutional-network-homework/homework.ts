/**
 * The homework from nothing to the zip: data, training, testing, features, report, hand-in. What is there already is left as it is, so a command
 * that was broken off is given again and goes on:
 *
 *     npm start -- --name firstname_lastname
 *     npm start -- --quick            (a minute: numbers that say nothing, in the folder quick/)
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { best_run, feature_visualization, MODELS, test_model } from './functions.ts'

const { values } = parseArgs({
  options: { name: { type: 'string', default: 'firstname_lastname' }, quick: { type: 'boolean', default: false } },
})
const here = import.meta.dirname
const folder = values.quick ? join(here, 'quick') : here
const runs = join(folder, 'runs')

/** The command `assay` of the package that runs this file. */
const command = fileURLToPath(new URL('dist/cli/main.js', import.meta.resolve('assay/package.json')))

// A command that is interrupted ends by itself, in order; this one ends after it.
process.on('SIGINT', () => {})

function assay(...args: readonly string[]): void {
  console.log(`\n> assay ${args.join(' ')}`)
  const { status } = spawnSync(process.execPath, [command, ...args], { cwd: here, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

mkdirSync(folder, { recursive: true })

// Step 1: the data.
if (!existsSync(join(folder, 'profiles/mnist/profile.json')))
  assay('profile', 'mnist', '--save', join(folder, 'profiles/mnist'))

// Steps 2 to 5: every model with every learning rate. Runs that are there are not trained again.
assay('run', values.quick ? 'quick.ts' : 'experiment.ts', '--runs', runs)

// Step 6: each model at its best, tested on all test images; the features of those that convolve.
for (const model of MODELS) {
  const run = await best_run(model, runs)
  const tested = join(folder, 'tested', `${model}.json`)
  if (!existsSync(tested)) {
    const { samples, scores } = await test_model(run)
    mkdirSync(join(folder, 'tested'), { recursive: true })
    writeFileSync(tested, `${JSON.stringify({ model, run: run.id, samples, scores }, null, 2)}\n`)
    const told = scores.map(({ name, value }) => `${name} ${value.toPrecision(4)}`)
    console.log(`test_model: ${model} (${run.id}) on ${samples} test images: ${told.join(', ')}`)
  }
  const features = join(folder, 'features', model)
  if (model !== 'dense' && !existsSync(features)) {
    // A copy that was broken off is none.
    cpSync(await feature_visualization(run), `${features}.part`, { recursive: true })
    renameSync(`${features}.part`, features)
    console.log(`feature_visualization: ${features}`)
  }
}

// The report, from the runs alone, and the zip.
if (values.quick) for (const file of ['report.md', 'references.bib']) copyFileSync(join(here, file), join(folder, file))
assay('report', join(folder, 'report.md'), '--format', 'all')
assay(
  ...['export', 'bundle', 'grid:cnn-comparison', '--name', `${values.name}_hw2`, '--runs', runs, '--out', folder],
  ...[
    '--report',
    join(folder, 'report.md'),
    '--code',
    'functions.ts',
    'homework.ts',
    'quick.ts',
    'references.bib',
    '--verify',
  ],
)
