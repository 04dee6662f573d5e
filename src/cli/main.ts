#!/usr/bin/env node
import { Command, CommanderError } from '@commander-js/extra-typings'
import { versionState } from '../runs/index.ts'
import { compareCommand } from './compare.ts'
import { doctorCommand } from './doctor.ts'
import { exportCommand } from './export.ts'
import { featuresCommand } from './features.ts'
import { lrFindCommand } from './lrFind.ts'
import { fail } from './output.ts'
import { profileCommand } from './profile.ts'
import { reportCommand } from './report.ts'
import { resumeCommand } from './resume.ts'
import { runCommand } from './run.ts'
import { runsCommand } from './runs.ts'
import { showCommand } from './show.ts'
import { sqlCommand } from './sql.ts'
import { summaryCommand } from './summary.ts'
import { testModelCommand } from './testModel.ts'

// A reader that has seen enough (`assay runs | head`) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const program = new Command('assay')
  .description('A deep-learning lab: describe an experiment in one file, train it, look inside it')
  .version((await versionState()).assay)
  .addHelpText('after', '\nExample:\n  assay run examples/mnist-convnet.ts')

for (const command of [
  runCommand,
  resumeCommand,
  runsCommand,
  showCommand,
  compareCommand,
  reportCommand,
  sqlCommand,
  exportCommand,
  profileCommand,
  lrFindCommand,
  summaryCommand,
  testModelCommand,
  featuresCommand,
  doctorCommand,
])
  program.addCommand(command)
for (const command of [program, ...program.commands])
  command.exitOverride().showHelpAfterError('(assay <command> --help shows an example)')

try {
  await program.parseAsync()
} catch (error) {
  // Commander has printed its own message; only asking for help or the version is not a mistake.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2)
  fail(error)
}
