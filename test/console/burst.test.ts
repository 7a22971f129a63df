import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { KeyDecoder } from '../../src/console/keys'
import { count } from '../../src/text/figures'
import { hasProgram, testWith } from '../needs'
import { KEY, Screen } from '../screen-driver/screen'
import { Ser2net } from '../system/terminals/ser2net'
import { serialTest } from '../system/terminals/serial-console'
import { FakeSensor, refusal } from './fake-sensor'

const NPS = resolve(__dirname, '../../../bin/nps')
const FILE_BYTES = 100 * 1024

let folder: string
let sensor: FakeSensor

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nps-burst-'))
  sensor = new FakeSensor(join(folder, 'sensor.sock'))
  await sensor.start()
})

afterEach(async () => {
  await sensor.stop()
  rmSync(folder, { recursive: true, force: true })
})

const addressOf = (round: number): string => `10.7.${round >> 8}.${round & 255}`

/** From the main menu through two screens, a form with every way of editing, the operation and its message, home. */
function setUpNetwork(address: string): string {
  const { enter, left, right, backspace, home, end, tab, backTab } = KEY
  const edited = address.slice(0, -1) + 'x' + left + right + backspace + home + end + address.slice(-1)
  return ['1', enter, '2', enter, edited, enter, '255.255.0.0', enter, '10.7.0.1', tab, backTab, enter]
    .join('')
    .concat(['10.7.0.53', enter, enter, enter, enter].join(''))
}

function keystrokeFile(): { text: string; rounds: number } {
  let text = ''
  let rounds = 0
  while (text.length < FILE_BYTES) text += setUpNetwork(addressOf(rounds++))
  return { text, rounds }
}

function keysOf(text: string): number {
  return new KeyDecoder().feed(Buffer.from(text)).length
}

/** Everything arrived, in its order: each round asked for its own address, and the figures say so, too. */
async function takesTheFile(screen: Screen, sensor: FakeSensor): Promise<void> {
  await screen.shows('> 1 Set up Network')
  const { text, rounds } = keystrokeFile()
  screen.send(text)
  await screen.shows(/keys received, .* used\./)
  const keys = count(keysOf(text))
  expect(screen.text()).toContain(`${keys} keys received, ${keys} used.`)
  expect(sensor.askedFor('network.apply').map(({ address }) => address)).toEqual(
    Array.from({ length: rounds }, (_none, round) => addressOf(round)),
  )
  expect(screen.text()).toContain('> 1 Set up Network')
}

test('a keystroke file of 100 KB at full speed: not one key lost or out of order, over every change of screen', async () => {
  const screen = new Screen([process.execPath, NPS, 'console', '--folder', folder])
  try {
    await takesTheFile(screen, sensor)
  } finally {
    await screen.close()
  }
}, 120_000)

const withSocat = testWith(hasProgram('socat', '-V'), 'socat')

serialTest(withSocat, 'the same through a serial device', async ({ port, sensor: far }) => {
  const screen = new Screen(['socat', '-,raw,echo=0', `${port},raw,echo=0`])
  try {
    await takesTheFile(screen, far)
  } finally {
    await screen.close()
  }
})

const withTelnet = testWith(
  hasProgram('ser2net', '-v') && hasProgram('telnet') && hasProgram('socat', '-V'),
  'ser2net, telnet and socat',
)

serialTest(withTelnet, 'the same with telnet to ser2net', async (line) => {
  const server = await Ser2net.serve(line, 'telnet')
  const screen = new Screen(['telnet', '127.0.0.1', String(server.port)])
  try {
    await takesTheFile(screen, line.sensor)
  } finally {
    await screen.close()
    await server.close()
  }
})

test('behind a refusal the rest of a file is thrown away, and who reacts to what is seen is heard', async () => {
  sensor.on('network.apply', () => refusal('gateway', 15, { gateway: '10.7.0.1' }))
  const screen = new Screen([process.execPath, NPS, 'console', '--folder', folder])
  try {
    await screen.shows('> 1 Set up Network')
    const round = setUpNetwork('10.7.1.2')
    screen.send(round.repeat(3))
    await screen.shows(/Stopped at the refusal: .* used\./)
    // The Enter that would have closed the message is the first one behind the refusal.
    const received = count(keysOf(round.repeat(3)))
    expect(screen.text()).toContain(`${received} keys received, ${keysOf(round) - 1} used.`)
    expect(sensor.askedFor('network.apply')).toHaveLength(1)
    expect(screen.text()).toContain('10.7.1.2')
    screen.send(KEY.end, '9')
    await screen.shows('10.7.0.19')
    expect(screen.text()).not.toContain('keys received')
  } finally {
    await screen.close()
  }
}, 60_000)

test('a file with a key that was of no use does not submit by itself, and the next Enter does', async () => {
  const screen = new Screen([process.execPath, NPS, 'console', '--folder', folder])
  try {
    await screen.shows('> 1 Set up Network')
    const round = setUpNetwork('10.7.1.2')
    // Two bytes, one letter, no key of ours.
    screen.send('\u00fc' + round)
    await screen.shows(/Not sent:/)
    const keys = keysOf(round)
    expect(screen.text().replace(/\s+/g, ' ')).toContain(`Not sent: ${keys + 1} keys received, ${keys - 2} used.`)
    expect(sensor.askedFor('network.apply')).toEqual([])
    screen.send(KEY.enter)
    await screen.shows('were accepted')
    expect(sensor.askedFor('network.apply')).toMatchObject([{ address: '10.7.1.2' }])
  } finally {
    await screen.close()
  }
}, 60_000)
