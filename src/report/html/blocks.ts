import type { Block, GalleryItem } from '../document.ts'
import { escapeHtml } from './escape.ts'
import { findingsHtml } from './findings.ts'
import { type Page, wordsHtml } from './inlines.ts'
import { mathMl } from './math.ts'
import { pictureHtml } from './picture.ts'
import { anchorOf, captionHtml, factsHtml, tableHtml } from './tables.ts'

/** Blocks as HTML; in a draft with what an audit has against each beside it. */
export const blocksHtml = (blocks: readonly Block[], page: Page): string =>
  blocks.map((block) => withFindings(block, page)).join('\n')

function withFindings(block: Block, page: Page): string {
  const inside = blockHtml(block, page)
  const { findings = [] } = block
  if (!page.isDraft || findings.length === 0) return inside
  return `<div class="noted"><div>${inside}</div>\n${findingsHtml(findings)}</div>`
}

function blockHtml(b: Block, page: Page): string {
  const label = page.numbering.labelOf(b)
  switch (b.kind) {
    case 'paragraph':
      return `<p>${wordsHtml(b.text, page)}</p>`
    case 'heading': {
      const number = label?.number ? `<span class="no">${label.number}</span> ` : ''
      return `<h${b.level + 2}${anchorOf(label)}>${number}${escapeHtml(b.title)}</h${b.level + 2}>`
    }
    case 'list': {
      const tag = b.ordered ? 'ol' : 'ul'
      return `<${tag}>\n${b.items.map((item) => `<li>${itemHtml(item, page)}</li>`).join('\n')}\n</${tag}>`
    }
    case 'quote':
      return `<blockquote>\n${blocksHtml(b.blocks, page)}\n</blockquote>`
    case 'equation':
      page.hasMath = true
      return `<div class="equation"${anchorOf(label)}><div class="formula" tabindex="0" role="group" aria-label="${
        label?.text ?? 'Equation'
      }">${mathMl(b.tex, { isBlock: true })}</div>${label === undefined ? '' : `<span class="no">(${label.number})</span>`}</div>`
    case 'notice':
      return `<p class="notice ${b.tone}" role="note">${wordsHtml(b.text, page)}</p>`
    case 'headline':
      return `<p class="headline"><strong>${escapeHtml(b.value)}</strong> <span>${escapeHtml(b.label)}</span>${
        b.detail === undefined ? '' : ` <span class="detail">${escapeHtml(b.detail)}</span>`
      }</p>`
    case 'table':
      return tableHtml(b, label, page)
    case 'facts':
      return factsHtml(b, label, page)
    case 'figure': {
      // The frame scrolls where the picture is wider, so the keyboard must reach it.
      const share = b.width === undefined ? '' : ` class="shared" style="--share:${100 * b.width}%"`
      return `<figure${anchorOf(label)}${share}>\n<div class="card" tabindex="0" role="group" aria-label="${label?.text ?? 'Figure'}">${pictureHtml(b.picture, b.width !== undefined)}</div>\n<figcaption>${captionHtml(b.caption, label, page)}</figcaption>\n</figure>`
    }
    case 'gallery':
      return `<figure${anchorOf(label)}>\n<ul class="gallery">\n${b.items.map(galleryItem).join('\n')}\n</ul>\n<figcaption>${captionHtml(b.caption, label, page)}</figcaption>\n</figure>`
    case 'links':
      return `<p>${escapeHtml(b.caption)}</p>\n<ul class="links">\n${b.items.map(link).join('\n')}\n</ul>`
    case 'code':
      return `<pre tabindex="0"><code>${escapeHtml(b.text)}</code></pre>`
    case 'own':
      if (b.blocks.length > 0) return blocksHtml(b.blocks, page)
      return page.isDraft
        ? `<p class="own" role="note"><strong>In your own words:</strong> ${escapeHtml(b.prompt)}</p>`
        : ''
    case 'notes':
      return ''
  }
}

/** An item that is one paragraph stands without its gaps. */
function itemHtml(item: readonly Block[], page: Page): string {
  const [first, ...others] = item
  const isBare = first?.kind === 'paragraph' && (first.findings ?? []).length === 0
  return isBare ? [wordsHtml(first.text, page), blocksHtml(others, page)].join('\n').trim() : blocksHtml(item, page)
}

function link({ text, detail, href }: Extract<Block, { kind: 'links' }>['items'][number]): string {
  const name = href === undefined ? escapeHtml(text) : `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`
  return `<li>${name} <span>${escapeHtml(detail)}</span></li>`
}

function galleryItem({ picture, lines }: GalleryItem): string {
  return `<li>${pictureHtml(picture)}${lines.map((line) => `<span>${escapeHtml(line)}</span>`).join('')}</li>`
}
