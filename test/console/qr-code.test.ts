import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import qrcode from 'qrcode-generator'
import { cardPage } from '../../src/console/card-page'
import { qrLines, qrModules, type Modules, type QuietZone } from '../../src/console/qr-code'
import { hasProgram, testWith } from '../needs'
import { aStatus } from './a-status'

/** What is light on the screen, two by one or half a cell a module, back as modules; true is dark. */
function modulesOf(lines: readonly string[], quiet: QuietZone, hasHalfBlocks: boolean): Modules {
  const light = hasHalfBlocks
    ? lines.flatMap((line) => [
        [...line].map((cell) => '▀█'.includes(cell)),
        [...line].map((cell) => '▄█'.includes(cell)),
      ])
    : lines.map((line) => [...line].filter((_cell, column) => column % 2 === 0).map((cell) => cell === '█'))
  const size = light[0]!.length - 2 * quiet.columns
  return light
    .slice(quiet.rows, quiet.rows + size)
    .map((row) => row.slice(quiet.columns, quiet.columns + size).map((isLight) => !isLight))
}

const TEXTS = ['SN0001 192.168.1.77', 'Name: Werk 3 – Süd\nMAC: 02:00:00:00:00:01', 'x'.repeat(200)]
const QUIETS: QuietZone[] = [
  { rows: 4, columns: 4 },
  { rows: 1, columns: 2 },
]

test.each(TEXTS)('the cells on the screen are the modules of the code: %j', (text) => {
  const modules = qrModules(text)
  for (const quiet of QUIETS) {
    for (const hasHalfBlocks of [false, true]) {
      const lines = qrLines(modules, quiet, hasHalfBlocks)
      expect(modulesOf(lines, quiet, hasHalfBlocks)).toEqual(modules)
      // The quiet zone is drawn, too: what is around it on the screen is dark.
      expect(lines[0]).toMatch(/^[█▀]+$/)
      expect(new Set(lines.map((line) => line.length)).size).toBe(1)
    }
  }
})

test('short texts in capitals are packed tighter, and all of it is what the library makes of it', () => {
  const code = qrcode(1, 'L')
  code.addData('SN0001 192.168.1.77', 'Alphanumeric')
  code.make()
  const expected = Array.from({ length: 21 }, (_row, row) =>
    Array.from({ length: 21 }, (_at, at) => code.isDark(row, at)),
  )
  expect(qrModules('SN0001 192.168.1.77')).toEqual(expected)
  expect(qrModules('sn0001 192.168.1.77')).toHaveLength(25)
})

/** The light cells of a page as a picture, black around it, as a camera would see the screen. */
function pictureOf(lines: readonly string[], width: number): string {
  // A cell of a terminal is about twice as high as it is wide.
  const rows = lines.flatMap((line) => {
    const cells = [...line.padEnd(width)].slice(0, width)
    const upper = cells.map((cell) => (cell === '█' || cell === '▀' ? 255 : 0))
    const lower = cells.map((cell) => (cell === '█' || cell === '▄' ? 255 : 0))
    return [upper, lower]
  })
  const margin = Array.from({ length: 4 }, () => new Array<number>(width).fill(0))
  const scale = 6
  const pixels = [...margin, ...rows, ...margin].flatMap((row) =>
    Array.from({ length: scale }, () => row.flatMap((value) => new Array<number>(scale).fill(value))),
  )
  return `P2\n${width * scale} ${pixels.length}\n255\n${pixels.map((row) => row.join(' ')).join('\n')}\n`
}

testWith(hasProgram('zbarimg', '--version'), 'zbarimg').each([
  [false, 24],
  [true, 24],
  [false, 60],
  [true, 60],
])('a scanner reads the site card off the screen (half blocks: %s, %i rows)', (decodesUtf8, rows) => {
  const status = aStatus({ registration: 'Registered' })
  const columns = rows === 24 ? 80 : 200
  const { lines } = cardPage(status, { columns, rows }, decodesUtf8)
  const folder = mkdtempSync(join(tmpdir(), 'nps-qr-'))
  try {
    const path = join(folder, 'screen.pgm')
    // Letters are not drawn here.
    const codeOnly = lines.map((line) => line.replace(/[^█▀▄ ]/g, ' '))
    writeFileSync(path, pictureOf(codeOnly, columns))
    const { stdout } = spawnSync('zbarimg', ['--quiet', '--raw', path], { encoding: 'utf8' })
    expect(stdout).toContain('SN0001')
    expect(stdout).toContain('192.168.1.77')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
