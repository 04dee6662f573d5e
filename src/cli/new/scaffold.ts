import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { slug } from '../../runs/store.ts'
import { TEMPLATES, type Template, type TemplateName } from './templates.ts'

/** Of the package: its examples lie beside its code. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A new folder, and what is to be done in it. */
export interface Scaffold {
  readonly folder: string
  readonly files: readonly string[]
  /** Whether packages have to be installed there first: no folder above has Assay, or what else the template needs. */
  readonly needsInstall: boolean
}

/**
 * Makes a folder with an experiment that runs as it is.
 *
 * @param folder absolute; made if it is not there
 * @throws UsageError where the folder has something in it
 */
export async function scaffold(name: TemplateName, folder: string): Promise<Scaffold> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    if (error.code === 'ENOTDIR') throw new UsageError(`${folder} is a file: give a folder that is not there yet`)
    throw error
  })
  if (there.length > 0)
    throw new UsageError(
      `${folder} has files in it (${there.slice(0, 3).join(', ')}): give a folder that is not there yet`,
    )
  const template: Template = TEMPLATES[name]
  const missing = ['assay', ...(template.packages ?? [])].filter((name) => !isInstalledFor(folder, name))
  const needsInstall = missing.length > 0
  const texts = new Map<string, string>()
  for (const [example, file] of Object.entries(template.files))
    texts.set(file, renamed(await readFile(join(ROOT, 'examples', example), 'utf8'), template))
  texts.set('package.json', `${JSON.stringify(await packageOf(folder, template, missing), null, 2)}\n`)
  texts.set('tsconfig.json', TSCONFIG)
  texts.set('.gitignore', `${IGNORED.join('\n')}\n`)
  if (!texts.has('README.md')) texts.set('README.md', readmeOf(folder, template, needsInstall))
  for (const [file, text] of texts) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text, { flag: 'wx' })
  }
  return { folder, files: [...texts.keys()], needsInstall }
}

/** The commands in an example's text name it as it is called now. */
const renamed = (text: string, { files }: Template): string =>
  Object.entries(files).reduce((current, [example, file]) => current.replaceAll(`examples/${example}`, file), text)

/** Node looks for a package in the folder and in all above it. */
function isInstalledFor(folder: string, name: string): boolean {
  if (existsSync(join(folder, 'node_modules', name, 'package.json'))) return true
  const above = dirname(folder)
  return above !== folder && isInstalledFor(above, name)
}

const packageOf = async (folder: string, { what, scripts }: Template, missing: readonly string[]) => ({
  name: slug(basename(folder)),
  private: true,
  description: what,
  type: 'module',
  scripts,
  ...(missing.length > 0 && { dependencies: await dependenciesOn(missing, folder) }),
})

/** The very Assay that made this folder, and other packages as it was tested with them. */
async function dependenciesOn(names: readonly string[], folder: string): Promise<Readonly<Record<string, string>>> {
  const { devDependencies } = ownPackage.parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')))
  const versions = { ...devDependencies, assay: `file:${relative(folder, ROOT).split(sep).join('/')}` }
  return Object.fromEntries(Object.entries(versions).filter(([name]) => names.includes(name)))
}

const ownPackage = z.object({ devDependencies: z.record(z.string(), z.string()) })

/** What commands write. */
const IGNORED = [
  'node_modules',
  'runs',
  'reports',
  'studies',
  'profiles',
  'features',
  'tested',
  'built',
  'quick',
  '*.zip',
]

/** For editors: experiment files are read as they are. */
const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      ...{ target: 'es2023', module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true },
      ...{ allowImportingTsExtensions: true, types: [] },
    },
  },
  null,
  2,
)}\n`

function readmeOf(folder: string, { what, files, scripts, about }: Template, needsInstall: boolean): string {
  const { start, ...others } = scripts
  const isSingle = Object.values(files).includes('experiment.ts')
  const rest = Object.entries(others).map(([script, command]) => `npm run ${script}    # ${command}`)
  return `# ${basename(folder)}

${what[0]?.toUpperCase()}${what.slice(1)}, with Assay.

\`\`\`sh
${needsInstall ? 'npm install\n' : ''}npm start    # ${start}
${rest.join('\n')}
\`\`\`

${
  about ??
  `${isSingle ? '`experiment.ts` says all of it: change it and start again.' : 'Each file says all of one study: change it and start that again.'} Runs, each with its report, are in \`runs/\`; what was
broken off goes on with \`npx assay resume latest\`.`
}
`
}
