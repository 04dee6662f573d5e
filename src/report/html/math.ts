import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import temml from 'temml'
import { UsageError } from '../../errors.ts'

/**
 * A formula as MathML, which browsers set themselves.
 *
 * @param tex LaTeX, without its dollars
 * @throws UsageError naming the formula and what is wrong with it
 *
 * @example
 * mathMl('x^2') // '<math>…</math>'
 */
export function mathMl(tex: string, { isBlock = false } = {}): string {
  try {
    return temml.renderToString(tex, { displayMode: isBlock, throwOnError: true })
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw new UsageError(
      `the formula "${tex}" is no LaTeX that can be shown: ${why.replace(/^ParseError:\s*/, '').trim()}`,
    )
  }
}

/** What browsers need beside MathML; its font of script letters is left out: pages load nothing. */
export const mathStyle = (): string =>
  readFileSync(createRequire(import.meta.url).resolve('temml/dist/Temml-Local.css'), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/@font-face\s*\{[^}]*\}/, '')
    .replace(/\s+/g, ' ')
    .trim()
