import { tex2typst } from 'tex2typst'
import { UsageError } from '../../errors.ts'
import { mathMl } from '../html/math.ts'

/** LaTeX that the converter does not know, in LaTeX that it knows and that means the same. */
const REWRITES: readonly (readonly [RegExp, string])[] = [
  [/\\(?:bm|pmb)(?![a-zA-Z])/g, '\\boldsymbol'],
  [/\\[lr]Vert(?![a-zA-Z])/g, '\\|'],
  [/\\(left|right)\s*\\[lr]vert(?![a-zA-Z])/g, '\\$1|'],
  [/\\[lr]vert(?![a-zA-Z])/g, '|'],
  [/\\(begin|end)\{(?:split|gathered|gather\*?|alignedat)\}/g, '\\$1{aligned}'],
  [/\\textbf\{([^{}]*)\}/g, '\\mathbf{\\text{$1}}'],
  [/\\text(?:it|rm|sf|normal|up)\{([^{}]*)\}/g, '\\text{$1}'],
  // Typst makes brackets as high as what they hold.
  [/\\[bB]igg?[lrm]?(?![a-zA-Z])/g, ''],
  [/\\stackrel(?![a-zA-Z])/g, '\\overset'],
  [/\\xrightarrow\{([^{}]*)\}/g, '\\overset{$1}{\\longrightarrow}'],
  [/\\xleftarrow\{([^{}]*)\}/g, '\\overset{$1}{\\longleftarrow}'],
  [/\\coloneqq(?![a-zA-Z])/g, ':='],
  [/\\colon(?![a-zA-Z])/g, ':'],
  [/\\nolimits(?![a-zA-Z])/g, ''],
  [/\\arg(max|min)(?![a-zA-Z])/g, '\\operatorname*{arg\\,$1}'],
  [/\\mathop\{\\(?:mathrm|operatorname)\{([^{}]*)\}\}/g, '\\operatorname*{$1}'],
]

/** Names of operators, and words: their spaces are spaces, and a quotation mark does not end them. */
const plain = (tex: string): string =>
  tex
    .replace(
      /\\operatorname(\*?)\{([^{}]*)\}/g,
      (_, star, name) => `\\operatorname${star}{${name.replace(/\\[,;: ]|~/g, ' ')}}`,
    )
    .replace(/\\text\{([^{}]*)\}/g, (_, words) => `\\text{${words.replaceAll('"', '”')}}`)

/**
 * A formula in Typst's language.
 *
 * @param tex LaTeX, without its dollars
 * @throws UsageError naming the formula and what is wrong with it
 *
 * @example
 * typstMath('\\frac{1}{2}') // '1/2'
 */
export function typstMath(tex: string, { isBlock = false } = {}): string {
  // One judge for all formats of what is LaTeX.
  mathMl(tex, { isBlock })
  const known = plain(REWRITES.reduce((text, [from, to]) => text.replace(from, to), tex))
  try {
    return tex2typst(known)
  } catch (error) {
    throw notOnPaper(tex, error instanceof Error ? error.message : String(error))
  }
}

/** A formula that a browser shows and Typst cannot. */
export const notOnPaper = (tex: string, why: string): UsageError =>
  new UsageError(`the formula "${tex}" cannot be set in a PDF (${why}): write it with simpler commands`)
