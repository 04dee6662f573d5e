import type { Root } from 'mdast'
import remarkDirective from 'remark-directive'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import remarkParse from 'remark-parse'
import { type Processor, unified } from 'unified'

/** `:name` in a line is words: `16:9`, `@fig:curves`. Only `:::name` begins something. */
function containersAlone(this: Processor): void {
  const { micromarkExtensions = [] } = this.data()
  for (const extension of micromarkExtensions) if (extension.text?.[58] !== undefined) delete extension.text[58]
}

const processor = unified()
  .use(remarkParse)
  .use(remarkGfm, { singleTilde: false })
  .use(remarkMath)
  .use(remarkDirective)
  .use(containersAlone)

/** Markdown as a tree: CommonMark with tables, maths and `:::` blocks. */
export const markdownTree = (text: string): Root => processor.parse(text)
