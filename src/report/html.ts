import { createHash } from 'node:crypto'
import {
  type Block,
  type Cell,
  type Column,
  type Content,
  type GalleryItem,
  type Inline,
  type Picture,
  plainText,
  type ReportDocument,
  type Section,
} from './document.ts'
import { STYLE_SHEET } from './style.ts'

/**
 * A document as one HTML file that asks for nothing else: style, pictures and numbers are inside it. Light or dark with the reader's
 * screen, plain on paper; headings in order, alternative text on every picture, headings on every table's rows and columns.
 *
 * @example
 * await writeFile('report.html', renderHtml({ title: 'Hello', lead: [], sections: [] }))
 */
export function renderHtml(document: ReportDocument): string {
  const { title, subtitle, lang = 'en', lead, sections } = document
  return `<!doctype html>
<html lang="${escapeHtml(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>
${STYLE_SHEET}
</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(title)}</h1>
${subtitle === undefined ? '' : `<p class="subtitle">${escapeHtml(subtitle)}</p>`}
${lead.map(block).join('\n')}
</header>
${sections.map(section).join('\n')}
</main>
</body>
</html>
`
}

function section({ title, blocks }: Section, i: number): string {
  const id = `section-${i + 1}`
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${escapeHtml(title)}</h2>\n${blocks.map(block).join('\n')}\n</section>`
}

function block(b: Block): string {
  switch (b.kind) {
    case 'paragraph':
      return `<p>${words(b.text)}</p>`
    case 'notice':
      return `<p class="notice ${b.tone}" role="note">${words(b.text)}</p>`
    case 'headline':
      return `<p class="headline"><strong>${escapeHtml(b.value)}</strong> <span>${escapeHtml(b.label)}</span>${
        b.detail === undefined ? '' : ` <span class="detail">${escapeHtml(b.detail)}</span>`
      }</p>`
    case 'table':
      return table(b.caption, b.columns, b.rows)
    case 'facts':
      return facts(b.caption, b.facts)
    case 'figure':
      return `<figure>\n<div class="card">${picture(b.picture)}</div>\n<figcaption>${words(b.caption)}</figcaption>\n</figure>`
    case 'gallery':
      return `<figure>\n<ul class="gallery">\n${b.items.map(galleryItem).join('\n')}\n</ul>\n<figcaption>${words(b.caption)}</figcaption>\n</figure>`
    case 'links':
      return `<p>${escapeHtml(b.caption)}</p>\n<ul class="links">\n${b.items.map(link).join('\n')}\n</ul>`
    case 'heading':
      return `<h${b.level + 2}>${escapeHtml(b.title)}</h${b.level + 2}>`
    case 'list': {
      const items = b.items.map((blocks) => `<li>${blocks.map(block).join('\n')}</li>`).join('\n')
      return b.ordered ? `<ol>\n${items}\n</ol>` : `<ul>\n${items}\n</ul>`
    }
    case 'quote':
      return `<blockquote>\n${b.blocks.map(block).join('\n')}\n</blockquote>`
    case 'equation':
      return `<p class="equation">${escapeHtml(b.tex)}</p>`
    case 'own':
      return b.blocks.map(block).join('\n')
    case 'notes':
      return ''
    case 'code':
      return `<pre tabindex="0"><code>${escapeHtml(b.text)}</code></pre>`
  }
}

const words = (content: Content): string =>
  typeof content === 'string' ? escapeHtml(content) : content.map(inline).join('')

function inline(i: Inline): string {
  switch (i.kind) {
    case 'strong':
      return `<strong>${words(i.children)}</strong>`
    case 'emphasis':
      return `<em>${words(i.children)}</em>`
    case 'code':
      return `<code>${escapeHtml(i.text)}</code>`
    case 'link':
      return `<a href="${escapeHtml(i.href)}">${words(i.children)}</a>`
    case 'break':
      return '<br>'
    default:
      return escapeHtml(plainText([i]))
  }
}

/** Wide tables scroll inside their own frame, which the keyboard can reach. */
const scroll = (label: string, inside: string): string =>
  `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label)}">${inside}</div>`

function table(caption: Content, columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const cls = (i: number) => {
    const kind = columns[i]?.kind ?? 'text'
    return kind === 'text' ? '' : ` class="${kind}"`
  }
  const head = columns.map(({ title }, i) => `<th scope="col"${cls(i)}>${escapeHtml(title)}</th>`).join('')
  const body = rows.map(
    (row) =>
      `<tr>${row
        .map((cell, i) =>
          i === 0 ? `<th scope="row"${cls(i)}>${words(cell)}</th>` : `<td${cls(i)}>${words(cell)}</td>`,
        )
        .join('')}</tr>`,
  )
  return scroll(
    plainText(caption),
    `<table>\n<caption><span>${words(caption)}</span></caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>`,
  )
}

function facts(caption: Content, rows: readonly (readonly [string, Content])[]): string {
  const body = rows.map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${words(value)}</td></tr>`)
  return scroll(
    plainText(caption),
    `<table class="facts">\n<caption><span>${words(caption)}</span></caption>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>`,
  )
}

function link({ text, detail, href }: Extract<Block, { kind: 'links' }>['items'][number]): string {
  const name = href === undefined ? escapeHtml(text) : `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`
  return `<li>${name} <span>${escapeHtml(detail)}</span></li>`
}

function galleryItem({ picture: p, lines }: GalleryItem): string {
  return `<li>${picture(p)}${lines.map((line) => `<span>${escapeHtml(line)}</span>`).join('')}</li>`
}

function picture(p: Picture): string {
  if ('svg' in p) {
    // The picture's own roles and labels would be read out mark by mark; one sentence says what it shows.
    const inside = p.svg.replace(/<\?xml[^>]*>|<!DOCTYPE[^>]*>/gi, '').replace(/ (role|aria-[a-z]+)="[^"]*"/g, '')
    // Two pictures in one page must not share the names of their clips and gradients.
    const prefix = createHash('sha256').update(inside).digest('hex').slice(0, 8)
    const apart = inside.replace(/ id="([^"]*)"/g, ` id="${prefix}-$1"`).replace(/url\(#/g, `url(#${prefix}-`)
    return apart.replace('<svg', () => `<svg role="img" aria-label="${escapeHtml(p.alt)}"${leastWidth(inside)}`)
  }
  const width = p.width === undefined ? '' : ` width="${p.width}"`
  return `<img class="pixels" alt="${escapeHtml(p.alt)}"${width} src="data:image/png;base64,${base64(p.png)}">`
}

/** How far a figure may shrink before its words are too small: beyond that it scrolls. */
const LEAST_SCALE = 0.85

function leastWidth(svg: string): string {
  const [, width] = /<svg[^>]* width="([\d.]+)"/.exec(svg) ?? []
  return width === undefined ? '' : ` style="min-width:${Math.round(LEAST_SCALE * Number(width))}px"`
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c)
