import stringWidth from 'string-width'

export interface TableColumn {
  readonly head: string
  readonly align?: 'left' | 'right'
}

/**
 * A plain table, columns apart by spaces.
 *
 * @param heading how its first line is written
 */
export function alignedTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  heading: (line: string) => string = (line) => line,
): string {
  const widths = columns.map(({ head }) => stringWidth(head))
  for (const row of rows)
    for (const [c, width] of widths.entries()) widths[c] = Math.max(width, stringWidth(row[c] ?? ''))
  const line = (cells: readonly string[]): string => {
    const padded = columns.map(({ align }, c) => {
      const cell = cells[c] ?? ''
      const space = ' '.repeat((widths[c] ?? 0) - stringWidth(cell))
      return align === 'right' ? space + cell : cell + space
    })
    return padded.join('  ').trimEnd()
  }
  return [heading(line(columns.map(({ head }) => head))), ...rows.map(line)].join('\n')
}
