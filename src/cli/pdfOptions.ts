import { type Command, Option, type OptionValues } from '@commander-js/extra-typings'
import type { ReportFormats } from '../report/index.ts'
import { wholeNumber } from './parse.ts'

/** Options of commands that write a report. */
export const pdfOptions = <Arguments extends unknown[], Options extends OptionValues>(
  command: Command<Arguments, Options>,
) =>
  command
    .option('--pdf', 'write it as PDF too, set by Typst: report.pdf beside report.html')
    .addOption(
      new Option('--columns <n>', 'columns of the PDF (default: 1)')
        .choices(['1', '2'] as const)
        .implies({ pdf: true }),
    )
    .addOption(
      new Option('--pages <n>', 'pages that the PDF may have: more is an error that says what is beyond')
        .argParser(wholeNumber('--pages', 1))
        .implies({ pdf: true }),
    )

/** What these options ask for. */
export const formatsOf = ({
  pdf,
  columns,
  pages,
}: {
  readonly pdf?: boolean | undefined
  readonly columns?: '1' | '2' | undefined
  readonly pages?: number | undefined
}): ReportFormats =>
  pdf === true ? { pdf: { columns: columns === '2' ? 2 : 1, ...(pages !== undefined && { mostPages: pages }) } } : {}
