import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import writeFileAtomic from 'write-file-atomic'
import type { LoadHooks } from '../data/index.ts'
import { type Profile, type ProfilePictures, profileSplits, profileTable } from '../data/profile/index.ts'
import { UsageError } from '../errors.ts'
import { key } from '../random/index.ts'
import { profileFigures, profileReport, saveProfileFigures } from '../report/index.ts'
import { note, print, printJson } from './output.ts'
import { wholeNumber } from './parse.ts'
import { profiledOf, tableLoader } from './profileSource.ts'
import { profileText } from './profileText.ts'
import { type TaskBar, taskBar } from './taskBar.ts'

export const profileCommand = new Command('profile')
  .description(
    'Look at data before training: samples, range, missing values, classes, duplicates, what to do about them',
  )
  .argument(
    '<source>',
    'mnist, fashion-mnist or cifar10; a table (.csv, .tsv); or an experiment file (.ts), for its data',
  )
  .option('--target <column>', 'column of a table that is to be told from the others')
  .option('--test <file>', 'table with the rows that are kept for testing')
  .option('--html <file>', 'write one HTML file with figures inside')
  .option('--figures <folder>', 'save every figure as Vega-Lite specification, SVG and CSV in <folder>/figures')
  .option('--seed <n>', 'seed of what is drawn by chance, such as the samples shown', wholeNumber('--seed', 0), 0)
  .option('--json', 'print the profile as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay profile mnist --html mnist.html
  assay profile people.csv --target income`,
  )
  .action(async (what, options) => {
    const { html, figures, json = false } = options
    const bar = taskBar()
    try {
      const { profile, pictures } = await look(what, options, bar)
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

interface LookOptions {
  readonly target?: string | undefined
  readonly test?: string | undefined
  readonly seed: number
}

interface Looked {
  readonly profile: Profile
  readonly pictures?: ProfilePictures
}

/** Loads what is asked for and looks at it. */
async function look(what: string, { target, test, seed }: LookOptions, bar: TaskBar): Promise<Looked> {
  const profiled = await profiledOf(what)
  const hooks: LoadHooks = {
    onProgress: ({ what: doing, done, total }) => bar.at(doing, total === undefined ? 0 : done / total),
  }
  if (profiled.kind === 'table') {
    const table = await profiled.load(hooks)
    const tested = test === undefined ? undefined : await testTable(test, hooks)
    return {
      profile: await profileTable(table, {
        ...(target !== undefined && { target }),
        ...(tested && { test: tested }),
        onProgress: (share) => bar.at('looking', share),
      }),
    }
  }
  if (target !== undefined || test !== undefined)
    throw new UsageError(`profile: --target and --test are for tables, and ${what} says itself what they are`)
  const splits = await profiled.source.load(hooks)
  return profileSplits(splits, { key: key(seed), onProgress: (share) => bar.at('looking', share) })
}

async function testTable(file: string, hooks: LoadHooks) {
  if (!existsSync(file)) throw new UsageError(`profile: there is no file ${resolve(file)} for --test`)
  return tableLoader(resolve(file))(hooks)
}
