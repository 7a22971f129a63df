import { spawn, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { until } from '../../until'
import { ended, type SerialConsole } from './serial-console'

/** A terminal server: the far end of a console's line, served on a TCP port of loopback as its owner has set it up. */
export class Ser2net {
  private constructor(
    readonly port: number,
    private readonly process: ChildProcess,
  ) {}

  /** `telnet` negotiates options and doubles IAC; `raw` is the bytes and nothing else. */
  static async serve(line: SerialConsole, protocol: 'telnet' | 'raw'): Promise<Ser2net> {
    const port = await freePort()
    const file = join(line.folder, 'ser2net.yaml')
    const accepter = `${protocol === 'telnet' ? 'telnet,' : ''}tcp,127.0.0.1,${port}`
    writeFileSync(
      file,
      `%YAML 1.1
---
connection: &console
  accepter: ${accepter}
  connector: serialdev,${line.port},115200n81,local
  options:
    kickolduser: true
`,
    )
    const server = spawn('ser2net', ['-n', '-d', '-c', file, '-P', join(line.folder, 'ser2net.pid')], {
      stdio: 'ignore',
    })
    await until(() => isListening(port))
    return new Ser2net(port, server)
  }

  close(): Promise<void> {
    return ended(this.process)
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
