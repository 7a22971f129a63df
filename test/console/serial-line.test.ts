import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { KEY, Screen } from '../screen-driver/screen'
import { FakeSensor } from './fake-sensor'

const NPS = resolve(__dirname, '../../../bin/nps')

// A pty stands in for the serial device: `sleep` keeps it open, and its name is on its screen.
test('a serial device: 80x24 whatever the line says, and Exit goes back to the main menu', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nps-console-'))
  const sensor = new FakeSensor(join(folder, 'sensor.sock'))
  await sensor.start()
  const line = new Screen(['/bin/sh', '-c', 'stty raw -echo; tty; exec sleep 600'])
  try {
    await line.shows(/\/dev\/pts\/\d+/)
    const device = /\/dev\/pts\/\d+/.exec(line.text())?.[0] ?? ''
    const nps = spawn(process.execPath, [NPS, 'console', '--socket', sensor.socketPath, '--device', device], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const ended = new Promise<number | null>((done) => nps.once('exit', (code) => done(code)))
    try {
      await line.shows('> 1 Set up Network')
      line.send(KEY.down, KEY.enter)
      await line.shows('> 1 (*) Enable Proxy')
      line.send(KEY.escape, '6', KEY.enter, '3', KEY.enter, '12345')
      await line.shows('[1234 5              ] 5 of 14')
    } finally {
      nps.kill('SIGTERM')
    }
    expect(await ended).toBe(0)
  } finally {
    await line.close()
    await sensor.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)

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
