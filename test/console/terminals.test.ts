import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { KEY, Screen } from '../screen-driver/screen'
import { until } from '../until'
import { FakeSensor } from './fake-sensor'

const NPS = resolve(__dirname, '../../../bin/nps')

let folder: string
let sensor: FakeSensor

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nps-console-'))
  sensor = new FakeSensor(join(folder, 'sensor.sock'))
  await sensor.start()
})

afterEach(async () => {
  await sensor.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** A pty stands in for the serial device: `sleep` keeps it open. */
async function aLine(device: string): Promise<Screen> {
  const line = new Screen(['/bin/sh', '-c', 'stty raw -echo; tty; exec sleep 600'])
  await line.shows(/\/dev\/pts\/\d+/)
  rmSync(device, { force: true })
  symlinkSync(/\/dev\/pts\/\d+/.exec(line.text())?.[0] ?? '', device)
  return line
}

test('a serial device: Exit goes back to the main menu, and it may go and return, with the form as it was', async () => {
  const device = join(folder, 'ttyS0')
  // Started before the line is made: a program started later would inherit its other end, and keep it from going away.
  const script = `until [ -e ${device} ]; do sleep 0.1; done; exec "$@"`
  const command = [process.execPath, NPS, 'console', '--folder', folder, '--device', device]
  const nps = new Screen(['/bin/sh', '-c', script, 'sh', ...command], { columns: 200 })
  let line = await aLine(device)
  try {
    await line.shows('> 1 Set up Network')
    line.send(KEY.down, KEY.enter)
    await line.shows('> 1 (*) Enable Proxy')
    line.send(KEY.escape, 'e', KEY.enter, '3', KEY.enter, '12345')
    await line.shows('5 of 14')
    // In the middle of a key: what comes of it is not typed into the form of who comes next.
    line.send('\x1b[')
    line.hangUp()
    await nps.shows(`nps: The device ${device} has gone away. Waiting for it.`)
    line = await aLine(device)
    await line.shows('5 of 14')
    expect(nps.text()).toContain(`nps: The device ${device} is back.`)
    line.send('6')
    await line.shows('6 of 14')
    line.hangUp()
    await nps.shows(/gone away[^]*gone away/)
    nps.send(KEY.interrupt)
    expect(await nps.ended()).toBe(0)
  } finally {
    line.hangUp()
    await nps.close()
  }
}, 60_000)

test('when the terminal hangs up in the middle of a key the console ends in good order', async () => {
  const statusFile = join(folder, 'status')
  const script = `trap '' HUP; "$@" 2>${folder}/stderr; echo $? >${statusFile}`
  const screen = new Screen(['/bin/sh', '-c', script, 'sh', process.execPath, NPS, 'console', '--folder', folder])
  try {
    await screen.shows('> 1 Set up Network')
    screen.send(KEY.enter, '\x1b[')
  } finally {
    screen.hangUp()
  }
  await until(() => existsSync(statusFile) && readFileSync(statusFile, 'utf8') !== '')
  expect(readFileSync(join(folder, 'stderr'), 'utf8')).toBe('')
  expect(readFileSync(statusFile, 'utf8')).toBe('0\n')
}, 60_000)

test('plain mode picked on a pseudo-terminal is not for whoever gets its name next', async () => {
  mkdirSync(join(folder, 'state'))
  const twice = ['/bin/sh', '-c', '"$@"; "$@"', 'sh']
  const screen = new Screen([...twice, process.execPath, NPS, 'console', '--folder', folder])
  try {
    await screen.shows('> 1 Set up Network')
    screen.send('d', KEY.enter, 'p', KEY.enter)
    await screen.shows('Choose 1 to 16:')
    screen.send('exit\r')
    await screen.shows('> 1 Set up Network')
    expect(readFileSync(join(folder, 'state', 'displays.json'), 'utf8')).toContain('/dev/pts/')
  } finally {
    await screen.close()
  }
}, 60_000)

test('the sensor is found by the rule of all commands: NPS_FOLDER when no folder is named', async () => {
  const screen = new Screen([process.execPath, NPS, 'console'], { env: { NPS_FOLDER: folder } })
  try {
    await screen.shows('> 1 Set up Network')
    expect(screen.text()).toContain('nps-test')
  } finally {
    await screen.close()
  }
}, 60_000)

test('while there is no sensor the console says where it looked, and Ctrl-C leaves', async () => {
  const screen = new Screen([process.execPath, NPS, 'console', '--folder', join(folder, 'nothing')])
  try {
    await screen.shows('No sensor answers at')
    expect(screen.text()).toMatch(/Waiting for the sensor \(\d+ s\)\. Ctrl-C leaves\./)
    screen.send(KEY.interrupt)
    expect(await screen.ended()).toBe(0)
  } finally {
    await screen.close()
  }
}, 60_000)

test.each(['/dev/null', '/nonexistent/ttyS0'])(
  'a device that is no terminal is named in one line: %s',
  async (device) => {
    const nps = spawn(process.execPath, [NPS, 'console', '--folder', folder, '--device', device])
    let said = ''
    nps.stderr.on('data', (text: Buffer) => (said += text.toString()))
    const code = await new Promise((done) => nps.once('close', done))
    expect(code).toBe(10)
    expect(said).toMatch(new RegExp(`^nps: The device ${device} cannot be used as a console: .+\\n$`))
  },
)

test('without a terminal there is one clear line and exit status 10', async () => {
  const nps = spawn(process.execPath, [NPS, 'console', '--socket', '/nonexistent/sensor.sock'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  nps.stderr.on('data', (text: Buffer) => (said += text.toString()))
  const code = await new Promise((done) => nps.once('close', done))
  expect(code).toBe(10)
  expect(said).toMatch(/^nps: The console needs a terminal: .*\n$/)
})
