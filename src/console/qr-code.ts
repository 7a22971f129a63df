import qrcode from 'qrcode-generator'

/** The modules of a QR code (ISO/IEC 18004), rows of columns; true is dark. */
export type Modules = boolean[][]

/** What the alphanumeric mode can say, at 5.5 bits a character in place of 8. */
const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]*$/

/** The smallest code that holds the text, with the least error correction: a screen is not scratched. */
export function qrModules(text: string): Modules {
  const code = qrcode(0, 'L')
  // The library takes the low byte of each character, so UTF-8 is made here.
  if (ALPHANUMERIC.test(text)) code.addData(text, 'Alphanumeric')
  else code.addData(Buffer.from(text, 'utf8').toString('latin1'), 'Byte')
  code.make()
  const size = code.getModuleCount()
  return Array.from({ length: size }, (_row, row) =>
    Array.from({ length: size }, (_column, at) => code.isDark(row, at)),
  )
}

/** Light modules around the code: what scanners tell it from its surroundings by. */
export interface QuietZone {
  rows: number
  columns: number
}

/**
 * The rows of cells that show a code on a screen with light letters on a dark ground: light modules are drawn, dark
 * ones left blank. With half blocks a cell is two modules above each other; else two blank cells in reverse are one.
 */
export function qrLines(modules: Modules, quiet: QuietZone, hasHalfBlocks: boolean): string[] {
  const size = modules.length
  const isLight = (row: number, column: number): boolean => modules[row]?.[column] !== true
  const rows = Array.from({ length: size + 2 * quiet.rows }, (_row, row) =>
    Array.from({ length: size + 2 * quiet.columns }, (_column, column) =>
      isLight(row - quiet.rows, column - quiet.columns),
    ),
  )
  if (!hasHalfBlocks) return rows.map((cells) => cells.map((light) => (light ? '██' : '  ')).join(''))
  return Array.from({ length: Math.ceil(rows.length / 2) }, (_row, at) =>
    rows[2 * at]!.map((top, column) => HALVES[Number(top)]![Number(rows[2 * at + 1]?.[column] ?? false)]).join(''),
  )
}

/** By the upper and then the lower half: is it light? */
const HALVES = [
  [' ', '▄'],
  ['▀', '█'],
]
