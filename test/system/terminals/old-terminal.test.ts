import { hasProgram, testWith } from '../../needs'
import { OldTerminal } from './old-terminal'
import { serialTest } from './serial-console'
import { walk } from './walk'

const it = testWith(hasProgram('socat', '-V'), 'socat')

for (const [name, answers] of [
  ['a VT100 in ASCII', true],
  ['a VT100 that answers nothing', false],
] as const) {
  serialTest(it, name, async (line) => {
    const seat = new OldTerminal(line, answers)
    try {
      await walk(seat, line.sensor, () => line.model())
      expect(line.typed().toString('latin1').includes('\x1b[?1;0c')).toBe(answers)
    } finally {
      await seat.close()
    }
  })
}
