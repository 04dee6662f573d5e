import { Command } from '@commander-js/extra-typings'
import { profileSplits } from '../data/profile/index.ts'
import { key } from '../random/index.ts'
import { print, printJson } from './output.ts'
import { wholeNumber } from './parse.ts'
import { profiledOf } from './profileSource.ts'
import { profileText } from './profileText.ts'
import { taskBar } from './taskBar.ts'

export const profileCommand = new Command('profile')
  .description(
    'Look at data before training: samples, range, missing values, classes, duplicates, what to do about them',
  )
  .argument('<source>', 'mnist; or an experiment file')
  .option(
    '--seed <n>',
    'seed of what is drawn by chance: samples shown, and looked at where all are too many',
    wholeNumber('--seed', 0),
    0,
  )
  .option('--json', 'print the profile as JSON')
  .addHelpText('after', '\nExample:\n  assay profile mnist')
  .action(async (what, { seed, json = false }) => {
    const bar = taskBar()
    try {
      const { source } = await profiledOf(what)
      const splits = await source.load({
        onProgress: ({ what: doing, done, total }) => bar.at(doing, total === undefined ? 0 : done / total),
      })
      const { profile } = await profileSplits(splits, {
        key: key(seed),
        onProgress: (share) => bar.at('looking', share),
      })
      bar.stop()
      if (json) printJson(profile)
      else print(profileText(profile))
    } finally {
      bar.stop()
    }
  })
