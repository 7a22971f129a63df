import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { KEY, Screen } from '../screen-driver/screen'
import { operate, type Operated } from '../operate'
import { until } from '../until'

/**
 * The main job, end to end, as a person does it at an 80x24 terminal: `nps simulate` on a pty, network, proxy and
 * registration through the menus, then flows on the platform. Everything is real but the network it stands in.
 */
const NPS = resolve(__dirname, '../../../bin/nps')
const { enter, down, escape, tab } = KEY

let folder: string
let screen: Screen

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-whole-'))
})

beforeEach(() => {
  screen = new Screen([process.execPath, NPS, 'simulate', '--folder', folder, '--port', '0', '--speed', '20'])
})

afterEach(() => screen.close())

afterAll(async () => {
  // What simulate started ends by itself once its terminal is gone.
  await until(() => processesOf(folder).length === 0)
  rmSync(folder, { recursive: true, force: true })
})

const mainMenu = '> 1 Set up Network'
const ini = (name: string): string => readFileSync(join(folder, 'settings', `${name}.ini`), 'utf8')

function platform(): Operated {
  const url = /^url = (\S+)/m.exec(ini('sensor'))?.[1]
  return { url: url!, operatorKey: readFileSync(join(folder, 'platform', 'operator.key'), 'utf8').trim() }
}

/** Process ids whose command line names this folder, or of workers they started. */
function processesOf(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandLine(pid).includes(text))
    .map(Number)
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}

test('network, proxy, registration, and flows on the platform', async () => {
  await screen.shows(mainMenu)
  await screen.shows('Status: Unregistered')

  // A gateway outside the network is refused at its field and nothing is kept.
  const networkBefore = ini('network')
  screen.send(enter, down, enter)
  await screen.focuses('IP address')
  screen.send('192.168.50.40', enter, '255.255.255.0', enter, '10.9.9.9', enter, '192.168.50.1', enter, enter, enter)
  await screen.shows('18 Invalid N/W CFG')
  expect(ini('network')).toBe(networkBefore)
  screen.send('\x7f'.repeat(8), '192.168.50.1', enter, enter, enter, enter)
  await screen.shows('The network settings were accepted')
  screen.send(enter)
  await screen.shows(mainMenu)
  await screen.shows('192.168.50.40')
  expect(ini('network')).toContain('address = 192.168.50.40')

  // The proxy asks for credentials, so the session to come runs through a real CONNECT with NTLM.
  screen.send(down, enter)
  await screen.shows('Enable Proxy')
  screen.send(enter)
  await screen.shows('Enter the proxy server details')
  screen.send('10.1.1.1', tab, '\x7f'.repeat(5), '3128', tab, enter)
  await screen.shows('NTLMAuth')
  screen.send('3', enter)
  await screen.shows('Proxy Password')
  screen.send('CORP\\sensor', enter, `p;"w'#=$ `, enter, enter)
  await screen.until(
    'the confirmation of the proxy',
    () => /proxy/i.test(screen.text()) && screen.text().includes('[ OK ]'),
  )
  screen.send(enter)
  await screen.shows('Main menu')
  expect(ini('proxy')).toMatch(/auth = ntlm[\s\S]*user = CORP\\/)
  expect(statSync(join(folder, 'settings', 'secrets.ini')).mode & 0o777).toBe(0o600)

  // Registration: a wrong code first, then the one on the screen.
  const code = /code to use\s+(\d{14})/.exec(screen.text())?.[1]
  expect(code).toBeDefined()
  screen.send('3', enter)
  await screen.shows('Enter the 14 digit Personalization Code:')
  screen.send('12345678912345', enter, enter)
  await screen.shows('23 Invalid PERS code')
  screen.send('\x7f'.repeat(14), code!, enter, enter)
  await screen.shows('Appliance registration completed successfully.')
  screen.send(enter)
  await screen.shows('Status: Registered')
  await screen.shows('Sensing')

  // What was sniffed reaches the platform, and the console shows it too.
  await until(async () => Number((await operate(platform(), 'GET', '/api/v1/flows?limit=1'))['total']) > 50, 60_000)
  const { flows } = await operate(platform(), 'GET', '/api/v1/flows?limit=5')
  expect(Object.keys((flows as object[])[0]!)).toEqual(
    expect.arrayContaining([
      'timestamp',
      'thisAsset',
      'role',
      'fromTo',
      'protocol',
      'port',
      'ingress',
      'egress',
      'total',
    ]),
  )
  screen.send('7', enter)
  await screen.shows(/\d+\.\d+\.\d+\.\d+.* (dns|https?) /)
  screen.send(escape)
  await screen.shows('Main menu')

  // Neither the code nor the password lies anywhere but where it belongs.
  for (const name of ['sensor.log', 'platform.log']) {
    const log = readFileSync(join(folder, name), 'utf8')
    expect(log).not.toContain(code)
    expect(log).not.toContain(`p;"w`)
  }
}, 180_000)

test('a second start is registered still, and what is killed comes back', async () => {
  await screen.shows(mainMenu)
  await screen.shows('Status: Registered')
  const [sensor] = processesOf(`sensor --folder ${folder}`)
  const [worker] = childrenOf(sensor!)
  await until(async () => Number((await operate(platform(), 'GET', '/api/v1/flows?limit=1'))['total']) > 0)
  process.kill(worker!, 'SIGKILL')
  await until(() => childrenOf(sensor!).length === 1 && childrenOf(sensor!)[0] !== worker, 60_000)
  await screen.until('a worker that counts again', () => !screen.text().includes('starts again'))

  // A platform that dies is missed, comes back by itself, and so does the link.
  const [server] = processesOf(`platform --folder ${folder}`)
  process.kill(server!, 'SIGKILL')
  await screen.shows('COMMUNICATION FAILURE 31 Communication Failed with Cloud')
  await screen.shows('platform connected')

  // So does the sensor.
  process.kill(sensor!, 'SIGKILL')
  await screen.shows('THE SENSOR IS NOT RUNNING')
  await screen.shows('platform connected')

  screen.send('e', enter)
  await screen.shows('has stopped')
  expect(await screen.ended()).toBe(0)
}, 180_000)

test('a console that is locked by hand asks for the password and refuses a wrong one with 28', async () => {
  await screen.shows(mainMenu)
  const file = join(folder, 'settings', 'sensor.ini')
  writeFileSync(file, readFileSync(file, 'utf8').replace('lock = no', 'lock = yes'))
  await screen.shows('This console is locked')
  screen.send('1234', enter, enter)
  await screen.shows('28 Invalid Password')
  screen.send('\x15', '0000', enter, enter)
  await screen.shows(mainMenu)
}, 60_000)

test('a factory reset leaves nothing of it, and says where another code comes from', async () => {
  await screen.shows('This console is locked')
  screen.send('0000', enter, enter)
  await screen.shows(mainMenu)
  screen.send('s', 's', enter)
  await screen.shows('Factory reset')
  screen.send('3', enter)
  await screen.shows('Type RESET')
  screen.send('RESET', enter, enter)
  await screen.shows('Everything is as shipped again.')
  await screen.shows('Status: Unregistered')
  await screen.shows('New Physical Sensor')
}, 60_000)

test('a replay of what is no capture is refused before anything is started', async () => {
  for (const [path, words] of [
    [folder, 'is a folder'],
    [join(folder, 'settings', 'network.ini'), 'not a capture file'],
    [join(folder, 'missing.pcap'), 'there is no file'],
  ] as const) {
    const other = new Screen([process.execPath, NPS, 'simulate', '--folder', join(folder, 'other'), '--replay', path])
    await other.shows(new RegExp(words, 'i'))
    expect(await other.ended()).toBe(10)
    await other.close()
  }
})
