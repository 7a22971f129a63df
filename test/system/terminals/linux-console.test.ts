import { hasProgram, testWith } from '../../needs'
import { hasLinuxConsole, LinuxConsole } from './linux-console'
import { NPS, serialTest } from './serial-console'
import { walk } from './walk'

const it = testWith(
  hasLinuxConsole() && hasProgram('openvt') && hasProgram('socat', '-V'),
  'a kernel with virtual terminals, root, openvt (kbd) and socat',
)
const itPicocom = hasProgram('picocom') ? it : testWith(false, 'picocom')

/** What a virtual terminal without a monitor has. */
const ROWS = 25

serialTest(it, 'a Linux console that runs the console', async (line) => {
  const nps = [process.execPath, NPS, 'console', '--socket', line.sensor.socketPath]
  const seat = await LinuxConsole.open(nps, { HOME: line.folder })
  try {
    await walk(seat, line.sensor)
    expect(await seat.rows()).toHaveLength(ROWS)
  } finally {
    await seat.close()
  }
})

serialTest(itPicocom, 'a Linux console with picocom on the serial device', async (line) => {
  const seat = await LinuxConsole.open(['picocom', '-b', '115200', line.port], { HOME: line.folder })
  try {
    await walk(seat, line.sensor, () => line.model(80, ROWS))
  } finally {
    await seat.close()
  }
})
