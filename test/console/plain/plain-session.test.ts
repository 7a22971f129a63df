import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { DEFAULT_NETWORK } from '../../../src/settings/network-settings'
import { aStatus } from '../a-status'
import { refusal, type FakeSensor } from '../fake-sensor'
import { until } from '../../until'
import { plainTest, Talk, withSensor } from './talk'

const NPS = resolve(__dirname, '../../../../bin/nps')

const STATIC = {
  mode: 'static',
  address: '10.0.0.9',
  netmask: '255.255.255.0',
  gateway: '10.0.0.1',
  dns1: '10.0.0.2',
  dns2: '',
}

plainTest('a static address, question by question, without one escape sequence', async ({ talk, sensor }) => {
  const first = await talk.hears('Main menu\r\n')
  expect(first).toContain('Welcome to Qualys, nps-test, 192.168.1.77\r\n')
  expect(first).toContain('Status: Unregistered, Paused\r\n')
  await talk.answers(
    ['1 Set up Network\r\n', '1'],
    ['Choose 1 to 4 [1]: ', '2'],
    ['\r\nIP address: ', '10.0.0.9'],
    ['\r\nNetmask: ', '/24'],
    ['\r\nGateway: ', '10.0.0.1'],
    ['\r\nDNS1: ', '10.0.0.2'],
    ['\r\nDNS2: ', ''],
  )
  expect(await talk.hears('Choose 1 to 2 [1]: ')).toContain(
    'IP address: 10.0.0.9\r\nNetmask: 255.255.255.0\r\nGateway: 10.0.0.1\r\nDNS1: 10.0.0.2\r\nDNS2: empty\r\n' +
      '1 Submit\r\n2 Cancel\r\n',
  )
  talk.send('\r')
  await talk.hears('Checking the values and putting them in force ...\r\n')
  await talk.answers(
    ['The network settings were accepted and are in force now.\r\nEnter goes on: ', ''],
    ['Exit\r\nChoose 1 to ', 'exit'],
  )
  expect(await talk.ended()).toBe(0)
  expect(sensor.askedFor('network.apply')).toEqual([STATIC])
  // Printable ASCII and line ends, and nothing a terminal would obey.
  expect(talk.transcript).toMatch(/^[ -~\r\n]*$/)
  expect(talk.transcript.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(talk.transcript.endsWith('\r\n')).toBe(true)
})

plainTest('a refusal says number, sentence and remedy, and asks that field again', async ({ talk, sensor }) => {
  sensor.on('network.apply', (values) =>
    values.dns1 === '300.1.1.1'
      ? refusal('dns1', 15, { value: values.dns1, reason: 'it is no address' })
      : { answer: { ...DEFAULT_NETWORK, ...values } },
  )
  await talk.answers(
    ['Choose 1 to ', 'set up'],
    ['[1]: ', 'static'],
    ['IP address: ', '10.0.0.9'],
    ['Netmask: ', '255.255.255.0'],
    ['Gateway: ', '10.0.0.1'],
    ['DNS1: ', '300.1.1.1'],
    ['DNS2: ', ''],
    ['Choose 1 to 2 [1]: ', ''],
  )
  expect(await talk.hears('DNS1 [300.1.1.1]: ')).toContain(
    'Refused: 15 Invalid DNS1 IP (DNS1)\r\n300.1.1.1 cannot be a DNS server: it is no address.\r\n' +
      'Enter the address of the primary DNS server.\r\n',
  )
  talk.send('10.0.0.2\r')
  await talk.answers(['DNS2: ', ''], ['Choose 1 to 2 [1]: ', '1'], ['Enter goes on: ', ''])
  await talk.hears('Main menu')
  expect(sensor.askedFor('network.apply').at(-1)).toEqual(STATIC)
})

plainTest('a password is not echoed, kept by Enter, and may be anything', async ({ talk, sensor }) => {
  const proxy = { enabled: true, host: 'proxy.example.com', port: 3128, auth: 'ntlm' as const, user: 'EX\\joe' }
  sensor.on('proxy.show', () => ({ answer: { ...proxy, passwordIsSet: true } }))
  sensor.change({ proxy: { ...proxy } })
  const proxyQuestions: [string, string][] = [
    ['Choose 1 to ', '2'],
    ['Choose 1 to 3 [1]: ', ''],
    ['Proxy IP Address [proxy.example.com]: ', ''],
    ['Proxy Port [3128]: ', ''],
    ['Choose 1 to 2 [1]: ', ''],
    ['Choose 1 to 3 [3]: ', ''],
    ['Proxy User [EX\\joe]: ', '\\b'],
  ]
  await talk.answers(...proxyQuestions, ['Proxy Password (not shown) [kept]: ', ''])
  expect(await talk.hears('Choose 1 to 2 [1]: ')).toContain('Proxy User: b, was EX\\joe\r\nProxy Password: kept\r\n')
  talk.send('\r')
  await talk.answers(['Enter goes on: ', ''], ...proxyQuestions)
  for (const password of ['back', '-', '\\b?']) {
    await talk.answers(['Proxy Password (not shown) [kept]: ', password])
    await talk.hears('Choose 1 to 2 [1]: ')
    talk.send('b\r')
  }
  await talk.answers(['Proxy Password (not shown) [kept]: ', ''], ['Choose 1 to 2 [1]: ', ''], ['Enter goes on: ', ''])
  await talk.hears('Main menu')
  expect(sensor.askedFor('proxy.apply')).toEqual([
    { ...proxy, user: 'b' },
    { ...proxy, user: 'b', password: '\\b?' },
  ])
  expect(talk.transcript).not.toMatch(/\[kept\]: [^\r]/)
})

plainTest('back, help, emptying a field, and rubbing out', async ({ talk, sensor }) => {
  sensor.on('network.show', () => ({
    answer: { ...DEFAULT_NETWORK, ...STATIC, dns2: '10.0.0.3', mode: 'static' as const },
  }))
  await talk.answers(['Choose 1 to ', 'b'])
  await talk.hears('This is the main menu. Exit is number ')
  await talk.answers(['Choose 1 to ', 'h'])
  await talk.hears('Type a number and Enter')
  await talk.answers(['Choose 1 to ', '1'], ['Choose 1 to 4 [2]: ', 'back'])
  await talk.hears('Main menu')
  await talk.answers(['Choose 1 to ', '1'], ['Choose 1 to 4 [2]: ', ''], ['IP address [10.0.0.9]: ', '?'])
  await talk.hears('- empties the field.')
  await talk.hears('IP address [10.0.0.9]: ')
  talk.send('10.0.0.77\x7f\x08\x1b[A8\r')
  expect(await talk.hears('Netmask [255.255.255.0]: ')).toContain('10.0.0.77\b \b\b \b8\r\n')
  talk.send('b\r')
  await talk.answers(
    ['IP address [10.0.0.8]: ', ''],
    ['Netmask [255.255.255.0]: ', ''],
    ['Gateway [10.0.0.1]: ', 'nonsense\x1510.0.0.4'],
    ['DNS1 [10.0.0.2]: ', ''],
    ['DNS2 [10.0.0.3]: ', '-'],
  )
  expect(await talk.hears('Choose 1 to 2 [1]: ')).toContain(
    'IP address: 10.0.0.8, was 10.0.0.9\r\nNetmask: 255.255.255.0\r\nGateway: 10.0.0.4, was 10.0.0.1\r\n' +
      'DNS1: 10.0.0.2\r\nDNS2: empty, was 10.0.0.3\r\n',
  )
  // Ctrl-C leaves the form; nothing was asked of the sensor.
  talk.send('\x03')
  await talk.hears('Choose 1 to 4 [2]: ')
  expect(sensor.askedFor('network.apply')).toEqual([])
})

plainTest('what cannot be chosen says why; numbers and first letters choose', async ({ talk }) => {
  await talk.answers(['Choose 1 to ', 'PROXY'], ['2 Disable Proxy, not possible: none is in use', '2'])
  await talk.hears('Disable Proxy: none is in use.\r\nChoose 1 to 3 [1]: ')
  talk.send('7\r')
  await talk.hears('There is no 7 here. Answer with a number from 1 to 3; h helps.\r\nChoose 1 to 3 [1]: ')
  talk.send('b\r')
  await talk.answers(['Choose 1 to ', 's'])
  await talk.hears('s can be Set up Network or S')
})

plainTest('pages are printed whole, again with r, and Enter goes back', async ({ talk, sensor }) => {
  const end = (name: string) => ({ name, isMonitored: true })
  const flow = {
    server: end('10.0.0.1'),
    port: 443,
    proto: 'tcp',
    c2sPackets: 1,
    s2cPackets: 1,
    c2sBytes: 9,
    s2cBytes: 9,
  }
  sensor.on('flows', () => ({
    answer: Array.from({ length: 60 }, (_none, n) => ({ ...flow, client: end(`10.1.0.${n}`) }) as never),
  }))
  await talk.answers(['Choose 1 to ', 'recent flows'])
  const page = await talk.hears('Enter goes back, r repeats: ')
  for (let n = 0; n < 60; n += 1) expect(page).toContain(`\r\n10.1.0.${n} `)
  talk.send('r\r')
  await talk.hears('\r\n10.1.0.59 ')
  await talk.answers(['Enter goes back, r repeats: ', ''])
  await talk.hears('Main menu')
})

plainTest(
  'a test of the connection is said when it has come to its end, and begins anew when asked',
  async ({ talk, sensor }) => {
    let looks = 0
    sensor.on('connection.test', ({ start }) => {
      looks = start ? 0 : looks + 1
      const rung = { name: 'Gateway 10.0.0.1', measured: '' }
      return {
        answer: {
          isRunning: looks < 1,
          startedMs: 1,
          rungs: [{ ...rung, state: looks < 1 ? 'running' : 'passed' }],
          isReached: true,
          code: '',
        },
      }
    })
    await talk.answers(['Choose 1 to ', 'test connection'])
    expect(await talk.hears('Enter goes back, r repeats: ')).toMatch(/All is well[^]*ok +Gateway 10\.0\.0\.1/)
    await talk.answers(['', 'r'])
    expect(await talk.hears('Enter goes back, r repeats: ')).toContain('All is well')
    expect(sensor.askedFor('connection.test').map(({ start }) => start)).toEqual([true, false, true, false])
  },
)

plainTest('answers typed ahead arrive in order; after a refusal the rest is not used', async ({ talk, sensor }) => {
  await talk.hears('Choose 1 to ')
  talk.send('1\r2\r10.0.0.9\r/24\r10.0.0.1\r10.0.0.2\r\r1\r\r')
  await talk.hears('Enter goes on: ')
  await talk.hears('Main menu')
  expect(sensor.askedFor('network.apply')).toEqual([STATIC])
  sensor.on('network.apply', () => refusal('address', 13, { value: '10.0.0.9', reason: 'it is taken' }))
  await talk.hears('Choose 1 to ')
  talk.send('1\r2\r10.0.0.9\r/24\r10.0.0.1\r10.0.0.2\r\r1\r\r3\r12345678901234\r1\r')
  await talk.hears('Refused: 13 Invalid IP Address (IP address)')
  await talk.hears('Stopped here: what was typed ahead is not used.\r\nIP address [10.0.0.9]: ')
  expect(sensor.askedFor('personalize')).toEqual([])
})

plainTest(
  'Ctrl-C leads to the main menu from everywhere, and what is typed behind it counts',
  async ({ talk, sensor }) => {
    await talk.answers(['Choose 1 to ', '1'], ['Choose 1 to 4 [1]: ', '2'])
    await talk.hears('IP address: ')
    talk.send('10.0\x03\x03\x03\x031\r2\r10.0.0.9\r/24\r10.0.0.1\r10.0.0.2\r\r1\r')
    await talk.hears('This is the main menu.')
    await talk.hears('Enter goes on: ')
    expect(sensor.askedFor('network.apply')).toEqual([STATIC])
  },
)

plainTest('the sensor goes away and comes back; what is being typed stays', async ({ talk, sensor }) => {
  await talk.answers(['Choose 1 to ', '3'])
  await talk.hears('Code: ')
  talk.send('7019')
  await talk.hears('7019')
  await sensor.stop()
  await talk.hears('THE SENSOR IS NOT RUNNING')
  await talk.hears('Code: 7019')
  await sensor.start()
  await talk.hears('The sensor is there.\r\nCode: 7019')
  talk.send('2264604618\r')
  await talk.hears('Code: 7019 2264 6046 18, 14 of 14\r\n')
})

plainTest('a locked console asks for its password, and its wrong one waits', async ({ talk, sensor }) => {
  sensor.on('unlock', ({ pin }) => (pin === '1234' ? { answer: {} } : refusal('pin', 28)))
  await talk.hears('Choose 1 to ')
  sensor.change(aStatus({ consoleIsLocked: true }))
  await talk.hears('This console is locked')
  await talk.answers(['Password (not shown): ', '0000'], ['Choose 1 to 2 [1]: ', ''])
  await talk.hears('Refused: 28 Invalid Password (Password)')
  await talk.hears('Wait 1 s before the next try.')
  await talk.answers(['Password (not shown): ', '1234'], ['Choose 1 to 2 [1]: ', ''])
  await talk.hears('Main menu')
  expect(sensor.askedFor('unlock')).toEqual([{ pin: '0000' }, { pin: '1234' }])
})

plainTest('what is typed ahead of the password is no answer to what was left open', async ({ talk, sensor }) => {
  await talk.answers(['Choose 1 to ', '3'])
  await talk.hears('Code: ')
  sensor.change(aStatus({ consoleIsLocked: true }))
  await talk.hears('This console is locked')
  sensor.on('unlock', () => undefined)
  await talk.answers(['Password (not shown): ', '1234'], ['Choose 1 to 2 [1]: ', ''])
  talk.send('12345678901234\r\r\r')
  await until(() => sensor.askedFor('unlock').length > 0)
  sensor.release()
  await talk.hears('Stopped here: what was typed ahead is not used.')
  await talk.hears('Code: ')
  expect(sensor.askedFor('personalize')).toEqual([])
})

test('a terminal that says dumb is asked in plain mode', () =>
  withSensor(async (sensor) => {
    const talk = new Talk([process.execPath, NPS, 'console', '--socket', sensor.socketPath], { TERM: 'dumb' })
    try {
      await talk.answers(['Exit\r\nChoose 1 to ', 'exit'])
      expect(await talk.ended()).toBe(0)
      expect(talk.transcript).not.toContain('\x1b')
    } finally {
      await talk.close()
    }
  }))

test('on a serial device', () =>
  withSensor(async (sensor, folder) => {
    const device = join(folder, 'line')
    const cable = new Talk(['socat', '-d', '-d', `pty,raw,echo=0,link=${device}`, 'stdio,raw,echo=0'])
    try {
      await cable.hears('starting data transfer loop')
      const nps = spawn(process.execPath, [
        NPS,
        'console',
        '--plain',
        '--device',
        device,
        '--socket',
        sensor.socketPath,
      ])
      try {
        await cable.answers(['Exit\r\nChoose 1 to ', 'exit'], ['Main menu', ''])
        await cable.hears('Main menu')
        expect(nps.exitCode).toBeNull()
      } finally {
        nps.kill()
        await new Promise((done) => nps.once('exit', done))
      }
    } finally {
      await cable.close()
    }
  }))

/** Answers on standard input, as from a file; what was printed and the exit status. */
function piped(sensor: FakeSensor, answers: string): Promise<{ said: string; status: number | null }> {
  const nps = spawn(process.execPath, [NPS, 'console', '--plain', '--socket', sensor.socketPath])
  let said = ''
  nps.stdout.on('data', (text: Buffer) => (said += text.toString()))
  nps.stdin.end(answers)
  return new Promise((done) => nps.once('close', (status) => done({ said, status })))
}

test('a file of answers without a terminal: nothing is echoed, lines end in LF, and the end is in good order', () =>
  withSensor(async (sensor) => {
    const { said, status } = await piped(sensor, '1\n2\n10.0.0.9\n/24\n10.0.0.1\n10.0.0.2\n\n\n')
    expect(status).toBe(0)
    expect(sensor.askedFor('network.apply')).toEqual([STATIC])
    expect(said).toContain('IP address: \nNetmask: \n')
    expect(said).toMatch(/accepted and are in force now\.\nEnter goes on: \n$/)
    expect(said).not.toContain('\r')
  }))

test('a file of answers that ends in a refusal: its number is the exit status', () =>
  withSensor(async (sensor) => {
    sensor.on('personalize', () => refusal('code', 23, { reason: 'the platform does not know it' }))
    const { said, status } = await piped(sensor, '3\n12345678901234\n1\n'.padEnd(100_000, '3\n'))
    expect(said).toContain('Refused: 23 Invalid PERS code')
    expect(status).toBe(23)
    expect(sensor.askedFor('personalize')).toHaveLength(1)
  }))

test('a file of answers that ends before a word that must be typed is typed right: 10 is the exit status', () =>
  withSensor(async (sensor) => {
    const { said, status } = await piped(sensor, 'System\nReboot\nreboot\n1\n1\nexit\n')
    expect(said).toContain('Nothing was done. The word must be typed as it is asked for, in capitals.')
    expect(said).toContain('Stopped here: what was typed ahead is not used.')
    expect(status).toBe(10)
    expect(sensor.askedFor('system.reboot')).toEqual([])
  }))

plainTest('a page for which the sensor has no answer says how long it takes, and is left', async ({ talk, sensor }) => {
  sensor.on('flows', () => undefined)
  await talk.answers(['Choose 1 to ', '7'])
  await talk.hears('Asking the sensor ... 5 s (Ctrl-C goes back)')
  talk.send('8\r', '\x03')
  await talk.hears('Choose 1 to ')
  // What it answers after all is said to nobody.
  sensor.release({ answer: { flows: [], machines: [] } })
  await talk.answers(['', '4'])
  expect(await talk.hears('Enter goes back, r repeats: ')).toContain('Sensor status')
})

test('the machines are numbered answers, and one of them tells all that is known of it', () =>
  withSensor(async (sensor) => {
    const said = { kind: 'os', value: 'Windows', confidence: 70, source: 'http', atMs: 0 }
    const brief = {
      id: '10.0.0.7',
      addresses: ['10.0.0.7'],
      macs: [],
      lastMs: 0,
      attributes: [{ ...said, clue: 'a: b' }],
    }
    sensor.on('assets', () => ({ answer: { machines: [brief], total: 1 } }))
    sensor.on('asset', () => ({ answer: [{ ...brief, isGateway: false, firstMs: 0, said: [said], reasons: [] }] }))
    const { said: text } = await piped(sensor, '10\n2\n\n')
    expect(text).toContain('1 Find a machine\n2 01-01  10.0.0.7\n')
    expect(text).toMatch(/^os {12}Windows\n {14}70 % sure, http, 1970-01-01 00:00:00, a: b$/m)
  }))

test('a line without an end is no answer', () =>
  withSensor(async (sensor) => {
    const { status } = await piped(sensor, '3\n12345678901234\n1')
    expect(status).toBe(0)
    expect(sensor.askedFor('personalize')).toEqual([])
  }))

test('answers without a sensor: it says where it looked, and the exit status is 10', () =>
  withSensor(async (sensor) => {
    await sensor.stop()
    const { said, status } = await piped(sensor, '1\n')
    expect(said).toContain('Waiting for the sensor')
    expect(said.replaceAll('\n', ' ')).toContain(`No sensor answers at ${sensor.socketPath}.`)
    expect(status).toBe(10)
  }))
