import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import writeFileAtomic from 'write-file-atomic'
import { profileSplits } from '../data/profile/index.ts'
import { key } from '../random/index.ts'
import { profileFigures, profileReport, saveProfileFigures } from '../report/index.ts'
import { note, print, printJson } from './output.ts'
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
  .option('--html <file>', 'write one HTML file with figures inside')
  .option('--figures <folder>', 'save every figure as Vega-Lite specification, SVG and CSV in <folder>/figures')
  .option('--json', 'print the profile as JSON')
  .addHelpText('after', '\nExample:\n  assay profile mnist --html mnist.html')
  .action(async (what, { seed, html, figures, json = false }) => {
    const bar = taskBar()
    try {
      const { source } = await profiledOf(what)
      const splits = await source.load({
        onProgress: ({ what: doing, done, total }) => bar.at(doing, total === undefined ? 0 : done / total),
      })
      const { profile, pictures } = await profileSplits(splits, {
        key: key(seed),
        onProgress: (share) => bar.at('looking', share),
      })
      if (html !== undefined) {
        bar.at('drawing', 1)
        await mkdir(dirname(resolve(html)), { recursive: true })
        await writeFileAtomic(resolve(html), await profileReport(profile, pictures))
      }
      if (figures !== undefined) await saveProfileFigures(resolve(figures), profileFigures(profile))
      bar.stop()
      if (json) printJson(profile)
      else print(profileText(profile))
      for (const path of [html, figures]) if (path !== undefined) note(`written: ${resolve(path)}`)
    } finally {
      bar.stop()
    }
  })
