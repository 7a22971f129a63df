import { spawn } from 'node:child_process'
import { delimiter, dirname, join, resolve } from 'node:path'
import { hasProgram, testWith } from '../needs'
import { Ser2net } from '../system/terminals/ser2net'
import { NPS, SerialConsole } from '../system/terminals/serial-console'
import { Simulated } from './simulated'

/** The scripts of man/examples as they are, on a simulated appliance. */
const EXAMPLES = resolve(__dirname, '../../../man/examples')

const NETWORK = ['address=192.168.50.41', 'netmask=/24', 'gateway=192.168.50.1', 'dns1=192.168.50.1']
const OUTSIDE = ['address=192.168.50.41', 'netmask=/24', 'gateway=10.9.9.9', 'dns1=192.168.50.1']
const PROXY = ['proxy=10.1.1.1', 'port=3128', 'user=b']
const PASSWORD = 'secret;"#'

const withExpect = testWith(hasProgram('expect', '-v'), 'expect')
const withTelnet = testWith(
  ['expect', 'ser2net'].every((name) => hasProgram(name, '-v')) && hasProgram('telnet') && hasProgram('socat', '-V'),
  'expect, ser2net, telnet and socat',
)

interface Outcome {
  status: number | null
  said: string
}

/** Run an example. Whatever it says, it says no secret. */
async function run({ folder }: Simulated, words: string[], secrets: Record<string, string> = {}): Promise<Outcome> {
  const [name = '', ...args] = words
  const PATH = [dirname(NPS), process.env['PATH']].join(delimiter)
  const env = { ...process.env, PATH, NPS_FOLDER: folder, TERM: 'xterm', ...secrets }
  const script = spawn(join(EXAMPLES, name), args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [script.stdout, script.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const status = await new Promise<number | null>((done) => script.once('close', done))
  for (const secret of Object.values(secrets)) expect(said).not.toContain(secret)
  return { status, said }
}

/** What an example must do: refuse a gateway outside of the network with its number, then set everything up. */
async function setsUp(appliance: Simulated, ...script: string[]): Promise<void> {
  const before = await appliance.shows('network')
  const refused = await run(appliance, [...script, ...OUTSIDE])
  expect(refused).toEqual({ status: 18, said: expect.stringContaining('Refused: 18 Invalid N/W CFG') })
  expect(await appliance.shows('network')).toEqual(before)

  const secrets = { NPS_PROXY_PASSWORD: PASSWORD, NPS_CODE: appliance.code }
  const { status, said } = await run(appliance, [...script, ...NETWORK, ...PROXY], secrets)
  const name = script[0]
  expect({ status, said }).toEqual({
    status: 0,
    said: `${name}: network settings are in force\n${name}: proxy settings are in force\n${name}: registered\n`,
  })
  const [address, netmask, gateway, dns1] = ['192.168.50.41', '255.255.255.0', '192.168.50.1', '192.168.50.1']
  expect(await appliance.shows('network')).toMatchObject({ mode: 'static', address, netmask, gateway, dns1, dns2: '' })
  expect(await appliance.shows('proxy')).toMatchObject({ host: '10.1.1.1', port: 3128, auth: 'basic', user: 'b' })
  // As ini has it: what would end the value has a backslash in front.
  expect(appliance.settings('secrets')).toContain(`password = ${PASSWORD.replaceAll(/[;#]/g, '\\$&')}\n`)
  expect(await appliance.shows('status')).toMatchObject({ registration: 'Registered' })
}

function exampleTest(it: jest.It, name: string, tell: (appliance: Simulated) => Promise<void>): void {
  it(
    name,
    async () => {
      const appliance = await Simulated.start()
      try {
        await tell(appliance)
      } finally {
        await appliance.close()
      }
    },
    120_000,
  )
}

for (const script of ['set-up-screens.exp', 'set-up-plain.exp']) {
  exampleTest(withExpect, script, async (appliance) => {
    await setsUp(appliance, script)
    expect(await run(appliance, [script], { NPS_CODE: '12345678901234' })).toMatchObject({ status: 24 })
    expect(await run(appliance, [script, 'adress=10.0.0.1'])).toMatchObject({ status: 1 })
  })
}

exampleTest(withTelnet, 'set-up-serial.exp and states.exp, through ser2net and on the device', async (appliance) => {
  const line = await SerialConsole.start({}, appliance.socket)
  const server = await Ser2net.serve(line, 'telnet')
  const port = `127.0.0.1:${server.port}`
  try {
    expect(await run(appliance, ['states.exp', port])).toEqual({ status: 4, said: `${port}\tUnregistered, Paused\n` })
    await setsUp(appliance, 'set-up-serial.exp', port)
    const { said, status } = await run(appliance, ['states.exp', line.port, port, '/dev/null'])
    expect(said).toMatch(/^(\S+\tRegistered, Sensing[^\n]*\n){2}\/dev\/null\tdoes not answer\n$/)
    expect(status).toBe(4)
    expect(await run(appliance, ['set-up-serial.exp', port, 'adress=10.0.0.1'])).toMatchObject({ status: 1 })
    // The screens were put back, and the same works again without a terminal server.
    expect((await line.model()).join('\n')).toContain('Ctrl-L redraw')
    expect(await run(appliance, ['set-up-serial.exp', line.port, ...NETWORK])).toMatchObject({ status: 0 })
    expect(await run(appliance, ['states.exp', line.port])).toMatchObject({ status: 0 })
  } finally {
    await server.close()
    await line.close()
  }
})
