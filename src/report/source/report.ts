import { checkedFrontMatter, type FrontMatter, type FrontMatterInput } from './frontMatter.ts'

/** A write-up in TypeScript: front matter, and the body as Markdown in a template string. */
export interface Report {
  readonly kind: 'report'
  readonly front: FrontMatter
  readonly body: string
}

/**
 * A write-up, as the default export of a file that `assay report` builds. The body is Markdown; `String.raw` lets backslashes of formulas be.
 * Spaces that all of its lines begin with do not count.
 *
 * @throws UsageError for what front matter has not
 *
 * @example
 * export default report({
 *   title: 'Four networks on MNIST',
 *   authors: [{ name: 'Ada Example', id: '1234567' }],
 *   body: String.raw`
 *     # Results
 *
 *     ResNet18 reached ${run('resNet18', { lr: 0.001 }).test.accuracy}.
 *
 *     ${table('pivot', group('cnn-comparison'), { id: 'tab:rates' })}
 *   `,
 * })
 */
export function report({ body, ...front }: FrontMatterInput & { readonly body: string }): Report {
  const checked = checkedFrontMatter(front, () => ({ file: 'report({ … })', line: 1 }))
  return { kind: 'report', front: checked, body: dedented(body) }
}

/** Whether a value is a write-up: what a file for `assay report` exports. */
export const isReport = (value: unknown): value is Report =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  value.kind === 'report' &&
  'body' in value &&
  'front' in value

/** Without the spaces that all lines begin with. */
function dedented(text: string): string {
  const lines = text.split('\n')
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0)
  // The first line of a template begins behind its backtick.
  const first = lines[0]?.trim() === '' ? indents : indents.slice(1)
  const least = first.length === 0 ? 0 : Math.min(...first)
  return lines
    .map((line, i) =>
      i === 0 && line.trim() !== '' ? line : line.slice(Math.min(least, /^[ \t]*/.exec(line)?.[0].length ?? 0)),
    )
    .join('\n')
}
