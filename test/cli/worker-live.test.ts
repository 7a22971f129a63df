import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { Cables, liveTest } from '../capture/mirror-port'
import { until } from '../until'
import { ethernet, ipv4, PROTOCOL, tcp } from '../wire/frames'

const NPS = resolve('dist/src/cli/main.js')

const FRAME = Buffer.concat([ethernet('0800', ipv4(tcp(2, 5000), { protocol: PROTOCOL.tcp })), Buffer.alloc(6)])

describe.each(['ring', 'pcap'] as const)('nps worker --interface, by %s', (method) => {
  const live = liveTest(method)
  let cables: Cables

  beforeEach(() => (cables = new Cables()))
  afterEach(() => cables.remove())

  /** Start it. `ended` resolves with its status and what it printed; `stop` is Ctrl-C. */
  function start(...ports: string[]): {
    said: () => string
    stop: () => void
    ended: Promise<[number | null, string]>
  } {
    const words = [process.execPath, NPS, 'worker', '--source', method, '--interface', ...ports]
    const child = spawn('ip', [...cables.inside, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const ended = new Promise<[number | null, string]>((resolve) => {
      child.once('close', (status) => resolve([status, out]))
    })
    return { said: () => said, stop: () => void child.kill('SIGINT'), ended }
  }

  live('the flows of several ports, and what each port brought, at Ctrl-C', async () => {
    cables.plug('second')
    const it = start('mirror', 'second')
    // The link of the second port is taken away and put back, which shows that it listens.
    await until(() => {
      cables.ip('link', 'set', 'second-switch', 'down')
      return it.said().includes('The mirror port second has no link')
    })
    cables.ip('link', 'set', 'second-switch', 'up')
    await cables.send([FRAME], { times: 3 })
    await cables.send([FRAME], { port: 'second-switch', times: 4 })
    await until(() => it.said().includes('All is well with second again.'))
    it.stop()
    const [status, out] = await it.ended
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ client: '10.0.0.1', server: '10.0.0.2', c2s_pkts: 7, c2s_wire_bytes: 420 })
    const how = method === 'pcap' ? 'libpcap' : 'ring'
    const rest = `(180 B) by ${how}, 0 dropped by the kernel, 0 lost by the port`
    expect(it.said()).toContain(`nps: mirror: 3 packets ${rest}\n`)
    expect(it.said()).toContain('nps: second: 4 packets (240 B)')
  })

  live('a port that is not there is status 10 and one clear line', async () => {
    const it = start('mirror', 'nps-none')
    expect(await it.ended).toEqual([10, ''])
    expect(it.said()).toBe('nps: There is no port nps-none on this machine.\n')
  })
})
