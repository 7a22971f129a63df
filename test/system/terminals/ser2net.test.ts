import { hasProgram, testWith } from '../../needs'
import { at, Pane } from './pane'
import { Ser2net } from './ser2net'
import { serialTest, type SerialConsole } from './serial-console'
import { walk } from './walk'

const it = testWith(hasProgram('ser2net', '-v') && hasProgram('socat', '-V'), 'ser2net and socat')

/** A test on a line that a terminal server serves. */
function serverTest(
  name: string,
  protocol: 'telnet' | 'raw',
  tell: (line: SerialConsole, port: number) => Promise<void>,
): void {
  serialTest(it, name, async (line) => {
    const server = await Ser2net.serve(line, protocol)
    try {
      await tell(line, server.port)
    } finally {
      await server.close()
    }
  })
}

serverTest('telnet to a terminal server', 'telnet', async (line, port) => {
  await at(new Pane(['telnet', '127.0.0.1', String(port)]), async (pane) => {
    await walk(pane, line.sensor, () => line.model())
  })
})

serverTest('plink -telnet to a terminal server', 'telnet', async (line, port) => {
  await at(new Pane(['plink', '-telnet', '-P', String(port), '127.0.0.1']), async (pane) => {
    await walk(pane, line.sensor, () => line.model())
  })
})

serverTest('raw TCP to a terminal server', 'raw', async (line, port) => {
  const here = 'file:$(tty),raw,echo=0'
  await at(new Pane(['/bin/sh', '-c', `exec socat ${here} tcp:127.0.0.1:${port}`]), async (pane) => {
    await walk(pane, line.sensor, () => line.model())
  })
})
