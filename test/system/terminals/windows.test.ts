import { join } from 'node:path'
import { hasProgram, testWith } from '../../needs'
import { until } from '../../until'
import { Desk, type Keyboard, type Window } from './desk'
import { takePhotographs } from './photographs'
import { puttySession } from './putty-session'
import { NPS, serialTest, type SerialConsole } from './serial-console'
import { sees, walk } from './walk'

const TOOLS = ['putty', 'xterm', 'Xvfb', 'xdotool', 'xclip', 'import', 'zbarimg', 'socat']
const it = testWith(
  TOOLS.every((name) => hasProgram(name)),
  `a desk: ${TOOLS.join(', ')}`,
)

/** A window of 80x24 in a font that every machine with fonts-dejavu-core has. */
const FONT = 'client:DejaVu Sans Mono 10'

/** Sit down at a window on a desk of its own. */
async function walkAt(
  line: SerialConsole,
  command: string[],
  name: string,
  walkIn: (window: Window) => Promise<void>,
  keyboard?: Keyboard,
): Promise<void> {
  const desk = await Desk.start({ HOME: line.folder })
  try {
    const window = await desk.open(command, name, keyboard)
    try {
      await walkIn(window)
      await scansTheCard(window, line)
      await takePhotographs(window, line, expect.getState().currentTestName ?? name)
    } finally {
      await window.close()
    }
  } finally {
    await desk.close()
  }
}

/** From the main menu, with the focus on it: the site card's code, read from the picture as a phone would. */
async function scansTheCard(window: Window, { folder }: SerialConsole): Promise<void> {
  const picture = join(folder, 'card.png')
  await window.press('enter')
  await sees(window, 'SN0001')
  await until(async () => {
    await window.photograph(picture)
    const read = await window.scan(picture)
    return read.includes('SN0001') && read.includes('192.168.1.77')
  })
  await window.press('escape')
  await sees(window, 'Main menu')
}

/** PuTTY on the serial device. What is not named is as PuTTY is shipped, so 7F for Backspace and `ESC [ 1 ~` for Home. */
interface PuttyUser {
  name: string
  /** In the words of PuTTY's saved sessions. */
  settings: Record<string, string | number>
  columns?: number
  rows?: number
  /** Keys with another name on this keyboard, and the bytes that it sends for the three that differ. */
  keys?: Keyboard
  sends: Record<'backspace' | 'home' | 'end', string>
}

const SHIPPED = { backspace: '\x7f', home: '\x1b[1~', end: '\x1b[4~' }

const PUTTY_USERS: PuttyUser[] = [
  { name: 'UTF-8', settings: { LineCodePage: 'UTF-8' }, sends: SHIPPED },
  { name: 'ISO-8859-1', settings: { LineCodePage: 'ISO-8859-1', UTF8Override: 0 }, sends: SHIPPED },
  {
    name: '^H for Backspace, Home and End of rxvt',
    settings: { BackspaceIsDelete: 0, RXVTHomeEnd: 1 },
    sends: { backspace: '\b', home: '\x1b[H', end: '\x1bOw' },
  },
  {
    // Its editing keys stand where a VT220 has them: Find, Insert, Remove above Select, Prev, Next.
    name: 'the VT400 keyboard',
    settings: { LinuxFunctionKeys: 3 },
    keys: { home: 'Insert', delete: 'Prior', end: 'Delete' },
    sends: SHIPPED,
  },
  {
    // Until the console ends that mode, the keypad's Home, End and Delete are digits and a point.
    name: 'the keypad in application mode',
    settings: { ApplicationKeypad: 1 },
    keys: { home: 'KP_Home', end: 'KP_End', delete: 'KP_Delete' },
    sends: SHIPPED,
  },
  { name: 'application cursor keys', settings: { ApplicationCursorKeys: 1 }, sends: SHIPPED },
  { name: '132 columns and 43 rows', settings: {}, columns: 132, rows: 43, sends: SHIPPED },
  { name: 'neither auto-wrap nor background colour erase', settings: { AutoWrapMode: 0, BCE: 0 }, sends: SHIPPED },
]

for (const { name, settings, columns = 80, rows = 24, keys, sends } of PUTTY_USERS) {
  serialTest(it, `PuTTY with ${name}`, async (line) => {
    const session = puttySession(line.folder, {
      Protocol: 'serial',
      SerialLine: line.port,
      SerialSpeed: 115200,
      FontName: FONT,
      ScrollBar: 0,
      TermWidth: columns,
      TermHeight: rows,
      ...settings,
    })
    const walkIn = async (putty: Window): Promise<void> => {
      await walk(putty, line.sensor, () => line.model(columns, rows))
      const typed = line.typed().toString('latin1')
      expect(typed).toContain(`910.0.0.${sends.home}`)
      expect(typed).toContain(`${sends.end}98${sends.backspace}`)
    }
    await walkAt(line, ['putty', '-load', session], 'putty', walkIn, keys)
  })
}

serialTest(it, 'xterm that runs the console', async (line) => {
  const nps = [process.execPath, NPS, 'console', '--socket', line.sensor.socketPath]
  const xterm = ['xterm', '-fa', 'DejaVu Sans Mono', '-fs', '9', '-geometry', '80x24', '-e', ...nps]
  await walkAt(line, xterm, 'xterm', (window) => walk(window, line.sensor))
})
