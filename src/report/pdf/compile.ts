import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { NodeCompiler, NodeTypstDocument } from '@myriaddreamin/typst-ts-node-compiler'

import * as z from 'zod'
import { notOnPaper } from './math.ts'

/** What Typst sets: a template, and the files that it reads by their names. */
export interface TypstSource {
  /** In Typst's language. It takes text from files alone, so that nothing in text is taken for markup. */
  readonly template: string
  readonly files: ReadonlyMap<string, string | Uint8Array>
  /** All that the PDF knows of time: equal sources of one date have equal bytes. */
  readonly date: Date
  /** Of what is set, for messages. */
  readonly title: string
}

/** What Typst made. */
export interface Typeset {
  /** As PDF with fonts inside, tagged for readers that speak (PDF/UA-1). */
  readonly bytes: Uint8Array
  readonly pages: number
  /** Values of all `metadata` with a label, in order. */
  query(label: string): unknown
}

/**
 * Sets a template by Typst, without a process or a network.
 *
 * @throws UsageError naming the first formula of a JSON file that it cannot set; else an Error with Typst's own words
 */
export async function compileTypst({ template, files, date, title }: TypstSource): Promise<Typeset> {
  // Loaded here, because a compiler of 50 MB is no matter of those who write no PDF.
  const [{ NodeCompiler }, fontBlobs] = await Promise.all([
    import('@myriaddreamin/typst-ts-node-compiler'),
    Promise.all(FONTS.map((font) => readFile(require.resolve(font)))),
  ])
  const workspace = import.meta.dirname
  const compiler: NodeCompiler = NodeCompiler.create({ workspace, fontArgs: [{ fontBlobs }] })
  for (const [name, data] of files) compiler.mapShadow(join(workspace, name), Buffer.from(data))
  const compiled = compiler.compile({ mainFileContent: template })
  const result: NodeTypstDocument | null = compiled.result
  if (result === null) {
    for (const { tex, typst } of formulasIn(files)) {
      if (compiler.compile({ mainFileContent: `#eval(${JSON.stringify(typst)}, mode: "math")` }).result === null)
        throw notOnPaper(tex, 'Typst does not know some of its commands')
    }
    throw new Error(`Typst cannot set "${title}": ${JSON.stringify(compiled.takeDiagnostics()?.shortDiagnostics)}`)
  }
  const creationTimestamp = Math.floor(date.getTime() / 1000)
  return {
    bytes: compiler.pdf(result, { pdfStandard: 'ua-1', creationTimestamp }),
    pages: result.numOfPages,
    query: (label) => compiler.query(result, { selector: `<${label}>`, field: 'value' }),
  }
}

/** All formulas in JSON files: objects with LaTeX, and what that is in Typst's language. */
function formulasIn(files: TypstSource['files']): { readonly tex: string; readonly typst: string }[] {
  const found: { readonly tex: string; readonly typst: string }[] = []
  for (const [name, text] of files) {
    if (!name.endsWith('.json') || typeof text !== 'string') continue
    JSON.parse(text, (_, value: unknown) => {
      const formula = formulas.safeParse(value)
      if (formula.success) found.push(formula.data)
      return value
    })
  }
  return found
}

const formulas = z.object({ tex: z.string(), typst: z.string() })

const require = createRequire(import.meta.url)

const FONTS = ['400Regular', '400Regular_Italic', '700Bold', '700Bold_Italic'].map(
  (style) => `@expo-google-fonts/arimo/${style}/Arimo_${style}.ttf`,
)
