/**
 * The homework from nothing to the zip: data, comparisons, searches, the two classifiers, a look inside, report, hand-in. What is there already is left
 * as it is, so a command that was broken off is given again and goes on:
 *
 *     npm start -- --name firstname_lastname
 *     npm start -- --quick            (a few minutes: numbers that say nothing, in the folder quick/)
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { listRuns } from 'assay/runs'

const { values } = parseArgs({
  options: { name: { type: 'string', default: 'firstname_lastname' }, quick: { type: 'boolean', default: false } },
})
const here = import.meta.dirname
const folder = values.quick ? join(here, 'quick') : here
const place = (...path: readonly string[]): string => join(folder, ...path)
const runs = place('runs')

/** Few epochs and one seed; what is trained on images has files of its own in `few/`. */
const fewer = values.quick ? ['--epochs', '1', '--seed', '0'] : []
const images = (what: 'methods' | 'dense' | 'convnet'): string =>
  values.quick ? `few/${what}.ts` : `fashion-${what}.ts`
const fewerTrials = values.quick ? ['--trials', '2'] : []
const seeds = values.quick ? '0' : '0,1,2'

/** The command `assay` of the package that runs this file. */
const command = fileURLToPath(new URL('dist/cli/main.js', import.meta.resolve('assay/package.json')))

// A command that is interrupted ends by itself, in order; this one ends after it.
process.on('SIGINT', () => {})

function assay(...args: readonly string[]): void {
  console.log(`\n> assay ${args.join(' ')}`)
  const { status } = spawnSync(process.execPath, [command, ...args], { cwd: here, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

/** Pictures of a run, made once: a folder that was begun and not ended is begun again. */
async function look(what: string, name: string, ...args: readonly string[]): Promise<void> {
  const out = place('inside', `${name}-${what}`)
  if (existsSync(out)) return
  const { runs: all } = await listRuns(runs)
  const run = all.find(
    ({ manifest }) => manifest.name === name && manifest.seed === 0 && manifest.status === 'finished',
  )
  if (run === undefined) throw new Error(`there is no finished run of ${name} with seed 0 in ${runs}`)
  rmSync(`${out}.part`, { recursive: true, force: true })
  assay('inspect', what, run.id, '--runs', runs, '--out', `${out}.part`, ...args)
  renameSync(`${out}.part`, out)
}

mkdirSync(folder, { recursive: true })

for (const [name, source] of [
  ['regression', 'regression.ts'],
  ['fashion-mnist', 'fashion-mnist'],
] as const)
  if (!existsSync(place('profiles', name, 'profile.json'))) assay('profile', source, '--save', place('profiles', name))

// What each initialiser, optimiser and regulariser does to both tasks.
assay('run', 'regression-methods.ts', '--runs', runs, ...fewer)
assay('run', images('methods'), '--runs', runs)

// Grid and random search with cross-validation, of both tasks; the best of each is trained on all training samples and tested.
for (const search of ['regression-grid', 'regression-random', 'fashion-grid', 'fashion-random']) {
  assay('search', `${search}.ts`, '--studies', place('studies'), ...fewerTrials)
  assay('run', place('studies', search, 'best.ts'), '--missing', '--runs', runs, '--set', `seeds=${seeds}`)
}

// The two classifiers, on all images.
assay('run', images('dense'), '--missing', '--runs', runs)
assay('run', images('convnet'), '--missing', '--runs', runs)

// Inside: weights, activations, receptive fields, features, and images that excite the classes most.
await look('activations', 'regression-random-best')
await look('weights', 'fashion-dense', '--no-ablation', '--layer', '1,5,9')
await look('activations', 'fashion-convnet', '--inputs', '0,1,2', '--samples', '1000')
await look('receptive-fields', 'fashion-convnet')
await look('features', 'fashion-convnet', '--inputs', '0,1,2', '--channels', '8')
await look('maximize', 'fashion-convnet')

// The report, from the runs alone, and the zip.
if (values.quick) for (const file of ['report.md', 'references.bib']) copyFileSync(join(here, file), place(file))
assay('report', place('report.md'), '--format', 'all')
assay(
  ...[
    'export',
    'bundle',
    'grid:regression-methods',
    'grid:fashion-methods',
    'regression-random-best',
    'fashion-random-best',
  ],
  ...['fashion-dense', 'fashion-convnet', '--name', `${values.name}_hw1`, '--runs', runs, '--out', folder],
  ...[
    '--report',
    place('report.md'),
    '--code',
    'homework.ts',
    'regression-grid.ts',
    'fashion-grid.ts',
    'references.bib',
    '--verify',
  ],
)
