/**
 * Hooks for Node's module loader (https://nodejs.org/docs/latest-v20.x/api/module.html#customization-hooks): a user's
 * TypeScript files are modules, whatever their package.json says, with their types taken out by esbuild.
 */
import { readFile } from 'node:fs/promises'
import type { LoadHook, ResolveHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'

const isTypeScript = (url: string): boolean => url.startsWith('file:') && /\.m?ts$/.test(new URL(url).pathname)

/** What stands on disk for `./model` or `./model.js` in a project that a compiler would build. */
const spellings = (specifier: string): string[] => [
  ...(/\.m?js$/.test(specifier) ? [specifier.replace(/js$/, 'ts')] : []),
  `${specifier}.ts`,
  `${specifier}/index.ts`,
]

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  // Whoever imports assay gets the one that is running, wherever the command and the file lie: two would not share ops.
  if (specifier === 'assay' || specifier.startsWith('assay/'))
    return nextResolve(specifier, { ...context, parentURL: import.meta.url })
  try {
    return await nextResolve(specifier, context)
  } catch (error) {
    if (!specifier.startsWith('.') || context.parentURL === undefined || !isTypeScript(context.parentURL)) throw error
    for (const spelling of spellings(specifier)) {
      try {
        return await nextResolve(spelling, context)
      } catch {
        // The next spelling may be there; if none is, the first error tells what was asked for.
      }
    }
    throw error
  }
}

export const load: LoadHook = async (url, context, nextLoad) => {
  if (!isTypeScript(url)) return nextLoad(url, context)
  const sourcefile = fileURLToPath(url)
  const { code } = await transform(await readFile(sourcefile, 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    sourcefile,
  })
  return { format: 'module', source: code, shortCircuit: true }
}
