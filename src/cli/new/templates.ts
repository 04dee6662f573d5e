/** What `assay new` can begin with. */
export interface Template {
  readonly what: string
  /** Files of `examples/`, and what they are called in the new folder. */
  readonly files: Readonly<Record<string, string>>
  /** npm's scripts; `start` does the whole job. */
  readonly scripts: { readonly start: string } & Readonly<Record<string, string>>
  /** What it needs beside Assay, of Assay's own development packages. */
  readonly packages?: readonly string[]
  /** What its README says of the files, in place of what is said of experiments. */
  readonly about?: string
}

/** Studies of `examples/training-dynamics/`, and the command that makes each. */
const STUDIES = [
  ['functions', 'assay run'],
  ['mnist', 'assay run'],
  ['trajectories', 'assay trajectories'],
  ['gradient-norm', 'assay trajectories'],
  ['minimal-ratio', 'assay inspect minimal-ratio'],
  ['random-labels', 'assay inspect generalization'],
  ['model-sizes', 'assay inspect generalization'],
  ['interpolation', 'assay interpolate'],
  ['sensitivity', 'assay sensitivity'],
] as const

const commandsOf = (studies: typeof STUDIES): Readonly<Record<string, string>> =>
  Object.fromEntries(studies.map(([study, command]) => [study, `${command} ${study}.ts`]))

/** Files of one folder of `examples/`, under their own names. */
const filesIn = (folder: string, files: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(files.map((file) => [`${folder}/${file}`, file]))

export const TEMPLATES = {
  regression: {
    what: 'a function of one variable fitted by a small network, three seeds',
    files: { 'sinc.ts': 'experiment.ts' },
    scripts: { start: 'assay run experiment.ts', report: 'assay report sinc' },
  },
  'image-classification': {
    what: 'a convolutional network on the full MNIST',
    files: { 'mnist-convnet.ts': 'experiment.ts' },
    scripts: { start: 'assay run experiment.ts', features: 'assay features latest', report: 'assay report latest' },
  },
  'cnn-comparison': {
    what: 'a homework whole: four networks on MNIST, each with five learning rates and a schedule, from the data to the report and the zip',
    files: filesIn('convolutional-network-homework', [
      ...['experiment.ts', 'quick.ts', 'functions.ts', 'homework.ts', 'report.md', 'references.bib', 'README.md'],
    ]),
    scripts: {
      start: 'node --import assay/typescript homework.ts',
      compare: 'assay compare cnn-comparison',
      report: 'assay report report.md',
    },
  },
  report: {
    what: 'a small experiment and its write-up, in which every number is looked up in the runs',
    files: filesIn('write-up', ['experiment.ts', 'report.md']),
    scripts: {
      start: 'assay run experiment.ts && assay report report.md',
      draft: 'assay report report.md --draft',
      all: 'assay report report.md --format all',
    },
  },
  'data-exploration': {
    what: 'a table with gaps looked at, repaired and learnt from',
    files: { 'shipwreck.ts': 'experiment.ts', 'shipwreck/passengers.ts': 'shipwreck/passengers.ts' },
    scripts: {
      start: 'assay profile experiment.ts --project --clusters && assay run experiment.ts',
      profile: 'assay profile experiment.ts --project --clusters',
    },
  },
  'training-dynamics': {
    what: 'nine studies of how networks train, a command each: functions, MNIST, ways of the weights, sharpness, random labels, …',
    files: filesIn(
      'training-dynamics',
      STUDIES.map(([study]) => `${study}.ts`),
    ),
    scripts: { start: STUDIES.map(([study]) => `npm run ${study}`).join(' && '), ...commandsOf(STUDIES) },
  },
  notebook: {
    what: 'a Jupyter notebook in TypeScript: digits looked at, a network trained, its mistakes, a drawing of one’s own',
    files: { 'notebook/digits.ipynb': 'notebook.ipynb' },
    scripts: {
      start: 'npm run kernel && jupyter nbconvert --to notebook --execute --inplace notebook.ipynb',
      kernel: 'deno jupyter --install --force',
      lab: 'npm run kernel && jupyter lab notebook.ipynb',
    },
    packages: ['deno'],
    about: `\`npm run kernel\` adds the kernel, Deno, to those that Jupyter offers: it comes with \`npm install\`. \`npm start\` runs all cells and keeps
their outputs in \`notebook.ipynb\`; \`npm run lab\` opens it. Both need Jupyter: \`pip install jupyterlab\`, or on Debian
\`apt install jupyter-nbconvert\` to run it without a page. VS Code opens it too, with its Jupyter extension: choose the kernel “Deno”.

Runs, each with its report, are in \`runs/\`: \`npx assay runs\` and the other commands work with them.`,
  },
} as const satisfies Readonly<Record<string, Template>>

export type TemplateName = keyof typeof TEMPLATES
