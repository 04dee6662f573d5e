/** Pixels: of a letter's width in a monospaced font of that size, between lines, and around all. */
const [SIZE, ADVANCE, LEADING, MARGIN] = [13, 7.83, 19, 18]

/** Lines of text as a terminal shows them: a picture whose letters stand in columns, in print as on a screen. */
export function terminalSvg(lines: readonly string[]): string {
  const width = Math.ceil(2 * MARGIN + ADVANCE * Math.max(...lines.map((line) => line.length)))
  const height = 2 * MARGIN + LEADING * lines.length
  const texts = lines.flatMap((line, i) =>
    line === ''
      ? []
      : [
          `<text x="${MARGIN}" y="${MARGIN + LEADING * i + SIZE}" textLength="${(ADVANCE * line.length).toFixed(1)}" lengthAdjust="spacing" xml:space="preserve">${escaped(line)}</text>`,
        ],
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<rect width="${width}" height="${height}" rx="6" fill="#1b1f24"/>`,
    `<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="${SIZE}" fill="#e6edf3">`,
    ...texts,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
