#!/usr/bin/env node
import { Command, CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { versionState } from '../runs/index.ts'
// Here, as commands may load ONNX Runtime in worker threads alone.
import '../runtime/ort/telemetry.ts'
import { fail } from './output.ts'

/** Each in a file of its own, which is loaded when it is asked for: one command need not wait for what the others import. */
const commands: Readonly<Record<string, () => Promise<CommandUnknownOpts>>> = {
  new: async () => (await import('./new/new.ts')).newCommand,
  run: async () => (await import('./run.ts')).runCommand,
  resume: async () => (await import('./resume.ts')).resumeCommand,
  cv: async () => (await import('./cv.ts')).cvCommand,
  runs: async () => (await import('./runs.ts')).runsCommand,
  show: async () => (await import('./show.ts')).showCommand,
  compare: async () => (await import('./compare.ts')).compareCommand,
  search: async () => (await import('./search/search.ts')).searchCommand,
  report: async () => (await import('./report/report.ts')).reportCommand,
  sql: async () => (await import('./sql.ts')).sqlCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  profile: async () => (await import('./profile.ts')).profileCommand,
  'lr-find': async () => (await import('./lrFind.ts')).lrFindCommand,
  summary: async () => (await import('./summary.ts')).summaryCommand,
  'test-model': async () => (await import('./testModel.ts')).testModelCommand,
  inspect: async () => (await import('./inspect/inspect.ts')).inspectCommand(process.argv[3]),
  landscape: async () => (await import('./landscape.ts')).landscapeCommand,
  interpolate: async () => (await import('./interpolate.ts')).interpolateCommand,
  sensitivity: async () => (await import('./sensitivity.ts')).sensitivityCommand,
  trajectories: async () => (await import('./trajectories.ts')).trajectoriesCommand,
  features: async () => (await import('./inspect/features.ts')).featuresCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
}

// A reader that has seen enough (`assay runs | head`) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const program = new Command('assay')
  // `assay search show --json` is of `show`, not of `search`.
  .enablePositionalOptions()
  .description('A deep-learning lab: describe an experiment in one file, train it, look inside it')
  .version((await versionState()).assay)
  .addHelpText('after', '\nExample:\n  assay run examples/mnist-convnet.ts')

const [, , asked = ''] = process.argv
const load = Object.hasOwn(commands, asked) ? commands[asked] : undefined
for (const one of load === undefined ? Object.values(commands) : [load]) program.addCommand(await one())
const withInner = (command: CommandUnknownOpts): CommandUnknownOpts[] => [
  command,
  ...command.commands.flatMap(withInner),
]
for (const command of withInner(program))
  command.exitOverride().showHelpAfterError('(assay <command> --help shows an example)')

try {
  await program.parseAsync()
} catch (error) {
  // Commander has printed its own message; only asking for help or the version is not a mistake.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2)
  fail(error)
}
