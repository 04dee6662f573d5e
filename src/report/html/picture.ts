import { createHash } from 'node:crypto'
import type { Picture } from '../document.ts'
import { escapeHtml } from './escape.ts'

/** How far a figure may shrink before its words are too small: beyond that it scrolls. */
const LEAST_SCALE = 0.85
/** Where an author says how wide it is. */
const LEAST_ASKED_SCALE = 0.6

/** @param isAsked whether an author says how wide it is to be */
export function pictureHtml(p: Picture, isAsked = false): string {
  if ('svg' in p) {
    // The picture's own roles and labels would be read out mark by mark; one sentence says what it shows.
    const inside = still(p.svg)
      .replace(/<\?xml[^>]*>|<!DOCTYPE[^>]*>/gi, '')
      .replace(/ (role|aria-[a-z]+)="[^"]*"/g, '')
    // Two pictures in one page must not share the names of their clips and gradients.
    const prefix = createHash('sha256').update(inside).digest('hex').slice(0, 8)
    const apart = inside
      .replace(/ id="([^"]*)"/g, ` id="${prefix}-$1"`)
      .replace(/url\((["']?)#/g, `url($1#${prefix}-`)
      // As the letters of Matplotlib's pictures, which are used by their names.
      .replace(/ ((?:xlink:)?href)="#/g, ` $1="#${prefix}-`)
    const least = leastWidth(inside, isAsked ? LEAST_ASKED_SCALE : LEAST_SCALE)
    return apart.replace('<svg', () => `<svg role="img" aria-label="${escapeHtml(p.alt)}"${least}`)
  }
  const width = p.width === undefined ? '' : ` width="${p.width}"`
  return `<img class="pixels" alt="${escapeHtml(p.alt)}"${width} src="data:image/png;base64,${base64(p.png)}">`
}

/** A picture that runs nothing: pictures of others may, and slides have to allow their own scripts. */
const still = (svg: string): string =>
  svg
    .replace(/<script\b[^>]*\/>|<script\b[\s\S]*?<\/script\s*>/gi, '')
    .replace(/<[^>]+>/g, (tag) => tag.replace(/\son[a-z]+\s*=\s*(?:"[^"]*"|'[^']*')/gi, ''))
    .replace(/(href\s*=\s*["'])\s*javascript:[^"']*/gi, '$1#')

function leastWidth(svg: string, scale: number): string {
  const [, width] = /<svg[^>]* width="([\d.]+)"/.exec(svg) ?? []
  return width === undefined ? '' : ` style="min-width:${Math.round(scale * Number(width))}px"`
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
