import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { CATALOGUE, type ErrorNumber } from '../../src/errors/catalogue'
import { operate } from '../operate'
import { KEY, Screen } from '../screen-driver/screen'
import { until } from '../until'

/**
 * Each refusal of the product's list that a person can meet in the menus, met there: its number and text stand at
 * its field, what was typed stays, and no file of the appliance has changed. 28 has a story of its own
 * (whole-appliance).
 */
const NPS = resolve(__dirname, '../../../bin/nps')
const { enter, down, escape } = KEY
/** Ctrl-U empties the field, so that no row depends on the one before. */
const typed = (...values: string[]): string[] => values.flatMap((value) => ['\x15', value, enter])

let folder: string
let screen: Screen

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nps-refusals-'))
  screen = new Screen([process.execPath, NPS, 'simulate', '--folder', folder, '--port', '0'])
  await screen.shows('> 1 Set up Network')
  await screen.shows('192.168.50.20')
})

afterAll(async () => {
  screen.send('e', enter)
  await screen.shows('has stopped')
  // Its programs write their last words until then.
  await screen.ended()
  rmSync(folder, { recursive: true, force: true })
})

/** Kept beside the settings, when they like: what was refused, and what the terminals of the console are. */
const BESIDE_SETTINGS = /(errors|displays)\.json(\.new)?$/

/** Name and content of everything that the appliance keeps of its settings and its state. */
function kept(): string[] {
  return ['settings', 'state', join('state', 'last-good')].flatMap((name) =>
    readdirSync(join(folder, name))
      .map((file) => join(folder, name, file))
      .filter((path) => !BESIDE_SETTINGS.test(path) && statSync(path).isFile())
      .map((path) => `${path}\n${readFileSync(path, 'utf8')}`),
  )
}

async function refuses(number: ErrorNumber, label: string, keys: string[]): Promise<void> {
  const before = kept()
  screen.send(...keys)
  const wanted = `${number} ${CATALOGUE[number].says}`
  await screen.until(`${wanted} beside ${label}`, () =>
    // Beside the field, or right below one that is too wide for that.
    screen
      .rows()
      .some((row, at, rows) => row.slice(2).startsWith(label) && `${row}${rows[at + 1] ?? ''}`.includes(wanted)),
  )
  // What comes fast is a run; while it lasts, all that is behind the refusal is thrown away.
  if (keys.join('').length > 16) await screen.shows('keys received')
  expect(kept()).toEqual(before)
}

/** Back to the main menu from however deep. */
async function home(): Promise<void> {
  for (let steps = 0; !screen.text().includes('Main menu') && steps < 6; steps++) {
    const before = screen.text()
    screen.send(escape)
    await screen.until('another screen', () => screen.text() !== before)
  }
  await screen.shows('Main menu')
}

afterEach(home)

const MASK = '255.255.255.0'
const NET: [ErrorNumber, string, string[]][] = [
  [13, 'IP address', ['10.0.0.300', MASK, '10.0.0.1', '10.0.0.1', '']],
  [13, 'IP address', ['10.0.0.255', MASK, '10.0.0.1', '10.0.0.1', '']],
  [14, 'Gateway', ['10.0.0.5', MASK, '224.0.0.1', '10.0.0.1', '']],
  [15, 'DNS1', ['10.0.0.5', MASK, '10.0.0.1', '', '']],
  [16, 'DNS2', ['10.0.0.5', MASK, '10.0.0.1', '10.0.0.1', '0.0.0.1']],
  [17, 'Gateway', ['10.0.0.5', MASK, '127.0.0.1', '10.0.0.1', '']],
  [18, 'Netmask', ['10.0.0.5', '255.0.255.0', '10.0.0.1', '10.0.0.1', '']],
  [18, 'Gateway', ['10.0.0.5', MASK, '10.0.9.1', '10.0.0.1', '']],
  [25, 'Gateway', ['203.0.113.5', MASK, '203.0.113.1', '203.0.113.2', '']],
  [26, 'DNS1', ['192.168.50.40', MASK, '192.168.50.1', '203.0.113.2', '']],
  [27, 'DNS2', ['192.168.50.40', MASK, '192.168.50.1', '192.168.50.1', '203.0.113.3']],
  [29, 'DNS2', ['10.0.0.5', MASK, '10.0.0.1', '10.0.0.1', '10.0.0.1']],
]

test.each(NET)('%d at %s of the static form: %j', async (number, label, values) => {
  screen.send('1', enter, '2', enter)
  await screen.focuses('IP address')
  await refuses(number, label, [...typed(...values), enter])
  for (const value of values) expect(screen.text()).toContain(value)
})

test.each<[ErrorNumber, string, string[]]>([
  [17, 'Proxy IP Address', ['127.0.0.1', '3128']],
  [19, 'Proxy IP Address', ['bad_host!', '3128']],
  [19, 'Proxy IP Address', ['socks5://10.0.0.5', '1080']],
  [22, 'Proxy Port', ['10.0.0.5', '70000']],
])('%d at %s of the proxy form: %j', async (number, label, values) => {
  screen.send('2', enter, '1', enter)
  await screen.shows('Enter the proxy server details')
  await refuses(number, label, [...typed(...values), enter])
})

test.each<[ErrorNumber, string, number, string[]]>([
  [20, 'Proxy User', 2, ['', 'secret']],
  [21, 'Proxy Password', 2, ['joe', '']],
  [20, 'Proxy User', 3, ['', 'secret']],
  [21, 'Proxy Password', 3, ['CORP\\joe', '']],
  [22, 'Proxy User', 3, ['\\\\CORP\\joe', 'secret']],
])('%d at %s, authentication %d: %j', async (number, label, item, values) => {
  screen.send('2', enter, '1', enter, ...typed('10.0.0.5', '3128'), enter)
  await screen.shows('NTLMAuth')
  screen.send(String(item), enter)
  await screen.shows('Proxy Password')
  await refuses(number, label, [...typed(...values), enter])
})

test('23 for what is no code, an unknown and a used one; 24 for another one once registered', async () => {
  screen.send('3', enter)
  await screen.shows('Enter the 14 digit Personalization Code:')
  await refuses(23, 'Code', [...typed('1234'), enter])
  await refuses(23, 'Code', [...typed('12345678912345'), enter])
  const code = readFileSync(join(folder, 'personalization-code'), 'utf8').trim()
  screen.send(down, '\x1b[A', ...typed(code), enter)
  await screen.shows('Appliance registration completed successfully.')
  screen.send(enter)
  await screen.shows('Status: Registered')
  // The first configuration comes right behind the registration; the copy of it is what is written last.
  const registration = join(folder, 'state', 'last-good', 'registration.ini')
  await until(() => readFileSync(registration, 'utf8').includes('configuration-version = 1'))
  screen.send('3', enter)
  await screen.shows('0 of 14')
  await refuses(23, 'Code', [...typed(code), enter])
  const platform = {
    url: /^url = (\S+)/m.exec(readFileSync(join(folder, 'settings', 'sensor.ini'), 'utf8'))![1]!,
    operatorKey: readFileSync(join(folder, 'platform', 'operator.key'), 'utf8').trim(),
  }
  const other = await operate(platform, 'POST', '/api/v1/codes', { name: 'Other' })
  await refuses(24, 'Code', [...typed(String(other['code'])), enter])
})
