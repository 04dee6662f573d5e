import { relative, resolve } from 'node:path'
import { Argument, Command } from '@commander-js/extra-typings'
import { print, printJson } from '../output.ts'
import { scaffold } from './scaffold.ts'
import { TEMPLATES, type TemplateName } from './templates.ts'

const names = Object.keys(TEMPLATES).filter((name): name is TemplateName => Object.hasOwn(TEMPLATES, name))

export const newCommand = new Command('new')
  .description('Make a folder with an experiment that runs as it is')
  .addArgument(new Argument('<template>', 'what to begin with').choices(names))
  .argument('[folder]', 'a folder that is not there yet, or empty; default: the template’s name')
  .option('--json', 'print what was made as JSON')
  .addHelpText(
    'after',
    `
Templates:
${names.map((name) => `  ${name.padEnd(22)}${TEMPLATES[name].what}`).join('\n')}

Example:
  assay new image-classification my-homework
  cd my-homework
  npm start`,
  )
  .action(async (template, folder = template, { json = false }) => {
    const made = await scaffold(template, resolve(folder))
    if (json) return printJson({ template, ...made })
    print(`Made ${relative(process.cwd(), made.folder) || '.'}: ${made.files.join(', ')}\n`)
    print(`  cd ${folder}${made.needsInstall ? '\n  npm install' : ''}\n  npm start`)
  })
