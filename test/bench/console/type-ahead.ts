import { isCommand, table } from '../compare'
import { BYTES_PER_MS, Line, sleep } from './line'
import { menuOnly, ours } from './peers'

const UP = '\x1b[A'
const DOWN = '\x1b[B'
/** Up and down so far that no end of the menu is met, then two down: 5,002 arrows, and the third item. */
const ARROWS = (DOWN.repeat(5) + UP.repeat(5)).repeat(500) + DOWN + DOWN
const THIRD = 'Personalize this scanner'

interface Contestant {
  name: string
  command: readonly string[]
  /** What has the focus: ours parks its cursor there; the peers are asked with Enter. */
  chosen: (line: Line) => Promise<string>
}

/** Keys as fast as a line of 115200 baud brings them, 1.3 s of them: when does the screen stand still, and where? */
export async function typeAhead(socket: string): Promise<void> {
  const contestants: Contestant[] = [
    { ...ours(socket), chosen: async (line) => focusedRow(line) },
    ...['dialog', 'whiptail'].map((name) => ({ name, command: menuOnly(name), chosen: answer })),
  ]
  const rows: string[][] = []
  for (const { name, command, chosen } of contestants) {
    if (!isCommand(command[0] ?? '') || (name !== 'nps console' && !isCommand(name))) {
      rows.push([name, `not here: apt-get install ${name}`])
      continue
    }
    const line = new Line('vt100', command, true)
    try {
      await line.quiet(20_000)
      const bytes = line.bytes
      await type(line)
      const seconds = (await line.quiet()) / 1000
      const where = await chosen(line)
      rows.push([name, seconds.toFixed(1), String(line.bytes - bytes), where.includes(THIRD) ? 'yes' : `no: ${where}`])
    } finally {
      await line.close()
    }
  }
  process.stdout.write('console: 5,002 arrows, both directions at 115200 baud, TERM=vt100\n\n')
  process.stdout.write(`${table([['', 's from last key to quiet', 'bytes', 'right item'], ...rows])}\n`)
}

/** Three bytes a key, at the rate of the line. */
async function type(line: Line): Promise<void> {
  const arrows = line.sent(ARROWS)
  const startedAt = performance.now()
  for (let sent = 0; sent < arrows.length;) {
    const due = Math.min(arrows.length, Math.floor((performance.now() - startedAt) * BYTES_PER_MS))
    if (due > sent) line.send(arrows.slice(sent, due))
    sent = Math.max(sent, due)
    await sleep(2)
  }
}

async function focusedRow(line: Line): Promise<string> {
  const { rows, row } = line.picture()
  return rows[row]?.trim() ?? ''
}

async function answer(line: Line): Promise<string> {
  line.send('\r')
  await line.quiet()
  const said = line.picture().rows.find((row) => row.includes('chosen:'))
  return said?.includes('chosen: 3') ? THIRD : (said?.trim() ?? 'nothing')
}
