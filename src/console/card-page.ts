import type { PageText } from '../form/state'
import { ROOMY_ROWS, type Size } from '../form/view'
import type { SensorStatus } from '../sensor/messages'
import { labelled } from './labelled'
import { qrLines, qrModules } from './qr-code'

const LABEL_WIDTH = 9
/** Columns the text needs beside the code: the label and a MAC address. */
const TEXT_COLUMNS = LABEL_WIDTH + 17
const GAP = 2
/** Rows of the screen that are not the page's: footer, title and blank line, header. */
const FRAME_ROWS = { tall: 1, whole: 6 }
/** Modules of quiet zone, the best first: the standard wants 4 (ISO/IEC 18004 section 5.3.8), scanners live with 1. */
const QUIET = [4, 3, 2, 1]

/**
 * What to write on the appliance or into a ticket: the text, and beside it the same as a QR code as far as it fits the
 * screen. A code that needs the height takes the place of header and title; where none fits, words say so.
 */
export function cardPage(status: SensorStatus, size: Size, decodesUtf8: boolean): Omit<PageText, 'rows'> {
  const columns = size.columns - 1
  const rows = cardRows(status)
  const text = (width: number): string[] => rows.flatMap(([label, value]) => labelled(label, value, width, LABEL_WIDTH))
  for (const content of contents(status, rows)) {
    const modules = qrModules(content)
    for (const quiet of QUIET) {
      const height = (modules.length + 2 * quiet) / (decodesUtf8 ? 2 : 1)
      const width = (modules.length + 2 * Math.max(2, quiet)) * (decodesUtf8 ? 1 : 2)
      const words = text(columns - width - GAP)
      const isTall = Math.max(height, words.length) > size.rows - FRAME_ROWS.whole || size.rows < ROOMY_ROWS
      const beside = isTall ? ['SITE CARD', '', ...words] : words
      const rowsUsed = Math.max(height, beside.length)
      if (rowsUsed > size.rows - FRAME_ROWS.tall || width + GAP + TEXT_COLUMNS > columns) continue
      const code = qrLines(modules, { rows: quiet, columns: Math.max(2, quiet) }, decodesUtf8)
      const lines = Array.from({ length: Math.ceil(rowsUsed) }, (_none, row) =>
        `${(code[row] ?? '').padEnd(width + GAP)}${beside[row] ?? ''}`.trimEnd(),
      )
      return { head: [], lines, isTall }
    }
  }
  return {
    head: [],
    lines: [...text(columns), ...labelled('QR code', 'needs a screen of 80x24', columns, LABEL_WIDTH)],
  }
}

function cardRows({ name, model, serial, version, registration, network }: SensorStatus): [string, string][] {
  return [
    ['Name', name || 'none yet'],
    ['Address', network.address || 'none'],
    ['MAC', network.mac],
    ['Model', model],
    ['Serial', serial],
    ['Version', version],
    ['Status', registration],
  ]
}

/** What the code may say, the most telling first. */
function contents({ serial, network }: SensorStatus, rows: readonly [string, string][]): string[] {
  const lines = (wanted: readonly [string, string][]): string =>
    wanted.map(([label, value]) => `${label}: ${value}`).join('\n')
  const short = [serial, network.address].filter((part) => part !== '').join(' ')
  return [
    lines(rows),
    lines(rows.slice(0, 5)),
    short.toUpperCase(),
    serial.toUpperCase(),
    network.mac.toUpperCase(),
  ].filter((content) => content !== '')
}
