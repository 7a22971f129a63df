import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasProgram, testWith } from '../../needs'
import { at, Pane, type PaneOptions } from './pane'
import { serialTest, type SerialConsole } from './serial-console'
import { walk } from './walk'

/** Terminal programs that open the serial device themselves, each as its users start it. */
interface SerialProgram {
  name: string
  command: (line: SerialConsole) => string[]
  /** The bytes its Backspace sends. */
  erases: string
  options?: PaneOptions
}

const PROGRAMS: SerialProgram[] = [
  {
    // It turns on the echo of a terminal that it is started on, so it is started behind a raw one.
    name: 'plink',
    command: ({ port }) => behindRawTerminal(`plink -serial ${port} -sercfg 115200\\,8\\,n\\,1\\,N`),
    erases: '\x7f',
  },
  { name: 'picocom', command: ({ port }) => ['picocom', '-b', '115200', port], erases: '\x7f' },
  { name: 'tio', command: ({ port }) => ['tio', '-b', '115200', port], erases: '\x7f' },
  {
    // Backspace is 08 as it is shipped, and its VT102 draws on 24 rows above a bar.
    name: 'minicom',
    command: ({ port }) => ['minicom', '--noinit', '--baudrate', '115200', '--device', port],
    erases: '\x08',
    options: { bars: 1 },
  },
  {
    name: 'screen',
    command: ({ folder, port }) => ['screen', '-c', screenrc(folder), port, '115200'],
    erases: '\x7f',
  },
]

function behindRawTerminal(command: string): string[] {
  return ['/bin/sh', '-c', `exec socat 'file:'$(tty)',raw,echo=0' "EXEC:$1"`, 'sh', command]
}

function screenrc(folder: string): string {
  const file = join(folder, 'screenrc')
  writeFileSync(file, 'startup_message off\n')
  return file
}

for (const { name, command, erases, options } of PROGRAMS) {
  const it = testWith(hasProgram(name) && hasProgram('socat', '-V'), `${name} and socat`)
  serialTest(it, `${name} on the serial device`, async (line) => {
    const env = { HOME: line.folder, SCREENDIR: join(line.folder, 'screens') }
    await at(new Pane(command(line), { ...options, env }), async (pane) => {
      await walk(pane, line.sensor, () => line.model())
      // Its answers to our questions come in between keys.
      const typed = line
        .typed()
        .toString('latin1')
        .replace(/\x1b\[[\d;?]*[Rc]/g, '')
      expect(typed).toContain(`98${erases}`)
    })
  })
}
