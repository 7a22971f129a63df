import { issue } from '../../src/errors/issue'
import { verifyNetwork } from '../../src/network/verify-network'
import type { Rung } from '../../src/sensor/messages'
import { DEFAULT_NETWORK, type NetworkSettings } from '../../src/settings/network-settings'
import { KEY } from '../screen-driver/screen'
import { aStatus } from './a-status'
import { refusal } from './fake-sensor'
import { consoleTest } from './story'

const { enter, tab, down, up, escape, interrupt, backTab } = KEY

consoleTest('a static address, typed with Enter and Tab', async ({ screen, sensor }) => {
  await screen.shows('> 1 Set up Network')
  expect(screen.text()).toContain('Welcome to Qualys')
  expect(screen.text()).toContain('Status: Unregistered')
  screen.send(enter)
  await screen.shows('> 1 (*) DHCP')
  screen.send(down)
  await screen.shows('> 2 (*) Static IP')
  screen.send(tab)
  await screen.shows('> [ OK ]')
  expect(screen.text()).toContain('2 (*) Static IP')
  screen.send(enter)
  await screen.focuses('IP address')
  screen.send('10.0.0.9', enter, '/24', tab, '10.0.0.1', down, '10.0.0.2', enter, enter)
  await screen.shows('> [ Submit ]')
  expect(screen.text()).toContain('[255.255.255.0  ]')
  screen.send(enter)
  await screen.shows('The network settings were accepted')
  screen.send(enter)
  await screen.shows('> 1 Set up Network')
  expect(sensor.askedFor('network.apply')).toEqual([
    {
      mode: 'static',
      address: '10.0.0.9',
      netmask: '255.255.255.0',
      gateway: '10.0.0.1',
      dns1: '10.0.0.2',
      dns2: '',
    },
  ])
})

consoleTest(
  'after DHCP a static value was what is leased now, not what was entered once',
  async ({ screen, sensor }) => {
    const once = { address: '10.0.0.9', netmask: '255.255.255.0', gateway: '10.0.0.1', dns1: '10.0.0.2', dns2: '' }
    sensor.on('network.show', () => ({ answer: { ...DEFAULT_NETWORK, ...once } }))
    await screen.shows('> 1 Set up Network')
    screen.send(enter, '2', enter)
    // What was entered once needs no typing.
    await screen.shows(/IP address >10\.0\.0\.9 +\] was 192\.168\.1\.77 \(DHCP\)/)
    expect(screen.text()).toMatch(/Gateway +\[10\.0\.0\.1 +\] was 192\.168\.1\.1 \(DHCP\)/)
    expect(screen.text()).toMatch(/DNS2 +\[ +\]\n/)
  },
)

consoleTest('IPv6 beside IPv4: static, one way or none', async ({ screen, sensor }) => {
  const IPV6 = { ipv6: 'static', ipv6Address: 'fd00::30', ipv6Prefix: '64', ipv6Gateway: '', ipv6Dns: '' } as const
  sensor.on('network.show', () => ({ answer: { ...DEFAULT_NETWORK, ...IPV6 } }))
  await screen.shows('> 1 Set up Network')
  screen.send(enter, '3', enter)
  await screen.shows('> 4 (*) Static IPv6 (now)')
  screen.send(enter)
  await screen.focuses('IP address')
  screen.send('fd00::31', enter)
  await screen.shows('[fd00::31                               ] was fd00::30')
  screen.send('48', enter, 'fe80::1', enter, enter)
  await screen.shows('> [ Submit ]')
  screen.send(enter)
  await screen.shows('The network settings were accepted')
  screen.send(enter)
  await screen.shows('> 1 Set up Network')
  screen.send(enter, '3', enter, '2', enter)
  await screen.shows('The network settings were accepted')
  screen.send(enter)
  await screen.shows('> 1 Set up Network')
  screen.send(enter, '3', enter, '1', enter)
  await screen.shows('The network settings were accepted')
  expect(sensor.askedFor('network.apply')).toMatchObject([
    { mode: 'dhcp', ipv6: 'static', ipv6Address: 'fd00::31', ipv6Prefix: '48', ipv6Gateway: 'fe80::1', ipv6Dns: '' },
    { mode: 'dhcp', ipv6: 'auto' },
    { mode: 'dhcp', ipv6: 'off' },
  ])
})

consoleTest('VLAN, MTU, hostname and NTP, and each refusal at its own field', async ({ screen, sensor }) => {
  sensor.on('network.show', () => ({ answer: { ...DEFAULT_NETWORK, vlan: '50', ntp: '10.0.0.9' } }))
  sensor.on('network.apply', (wanted) => {
    const issues = verifyNetwork({ ...DEFAULT_NETWORK, ...wanted } as NetworkSettings)
    return issues.length > 0 ? { issues } : { answer: DEFAULT_NETWORK }
  })
  await screen.shows('> 1 Set up Network')
  screen.send(enter, 'm', enter)
  await screen.focuses('VLAN')
  screen.send('5000', enter, '9999', enter, 'a_host', enter, '127.0.0.1', enter, enter)
  await screen.shows('17 Loopback IP Error')
  expect(screen.text()).toMatch(/the VLAN 5000 is not a number from 1\s+to 4094/)
  expect(screen.text()).toMatch(/the MTU 9999 is not a number from 576\s+to 9216/)
  // Nothing of an address or a netmask, which are not on this screen.
  expect(screen.text()).toContain('Check this value, and the other network settings against it.')
  expect(screen.focusedRow()).toContain('! NTP server >127.0.0.1')
  screen.send('10.0.0.8 10.0.0.9', up, 'nps-lab', up, '1400', up, '\x15', enter, enter, enter, enter, enter)
  await screen.shows('The network settings were accepted')
  expect(sensor.askedFor('network.apply').at(-1)).toMatchObject({
    mode: 'dhcp',
    vlan: '',
    mtu: '1400',
    hostname: 'nps-lab',
    ntp: '10.0.0.8 10.0.0.9',
  })
})

consoleTest(
  'who has left the screen of a trial can still keep it, or put back what was',
  async ({ screen, sensor }) => {
    const { network } = sensor.status
    const trial = { state: 'running', untilMs: Date.now() + 60_000, awaits: 'person' } as const
    await screen.shows('> 1 Set up Network')
    sensor.change({ network: { ...network, trial } })
    await screen.shows('NETWORK ON TRIAL: keep it in Set up Network, or it goes back')
    screen.send(enter)
    await screen.shows('5 ( ) Keep the settings on trial')
    screen.send('5', enter)
    await screen.shows('The network settings were accepted and are in force on trial')
    screen.send(escape, '1', enter, '6', enter)
    await screen.shows('The settings of before are in force again.')
    expect(sensor.asked.map((one) => one.do).filter((name) => /keep|abandon/.test(name))).toEqual([
      'network.keep',
      'network.abandon',
    ])
    sensor.change({ network })
    screen.send(enter, '1', enter)
    await screen.shows('4 ( ) More')
    expect(screen.text()).not.toContain('on trial')
    screen.send('5', 'k')
    await screen.shows('> 1 (*) DHCP (now)')
  },
)

consoleTest('a refusal stands at its field, and what was typed stays', async ({ screen, sensor }) => {
  sensor.on('network.apply', ({ dns1, ...rest }) =>
    dns1 === '300.1.1.1'
      ? refusal('dns1', 15, { value: dns1, reason: 'it is no address' })
      : { answer: { ...DEFAULT_NETWORK, dns1, ...rest } },
  )
  await screen.shows('> 1 Set up Network')
  screen.send(enter, 's', enter, '10.0.0.9\r255.255.255.0\r10.0.0.1\r300.1.1.1\r\r\r')
  await screen.shows('15 Invalid DNS1 IP')
  expect(screen.text()).toContain('300.1.1.1 cannot be a DNS server: it is no address.')
  expect(screen.text()).toContain('Enter the address of the primary DNS server.')
  expect(screen.focusedRow()).toBe('! DNS1       >300.1.1.1      ] 15 Invalid DNS1 IP')
  expect(screen.text()).toContain('[10.0.0.9       ]')
  screen.send('\x7f'.repeat(9), '9.9.9.9', enter, enter, enter)
  await screen.shows('The network settings were accepted')
  expect(sensor.askedFor('network.apply').map(({ dns1 }) => dns1)).toEqual(['300.1.1.1', '9.9.9.9'])
})

consoleTest('everything sent in one burst arrives, through every change of screen', async ({ screen, sensor }) => {
  await screen.shows('> 1 Set up Network')
  const network = ['1', enter, '2', enter, '10.0.0.9\r255.255.255.0\r10.0.0.1\r10.0.0.2\r10.0.0.3\r', enter, enter]
  const proxy = ['2', enter, enter, 'proxy.example.com\r3128\r', enter, '2', enter, 'EX\\joe\rs3cret\r', enter, enter]
  const code = ['3', enter, '7019-2264 604618', enter, enter]
  screen.send(...network, ...proxy, ...code)
  await screen.shows('Appliance registration completed successfully.')
  expect(sensor.askedFor('network.apply')).toEqual([
    {
      mode: 'static',
      address: '10.0.0.9',
      netmask: '255.255.255.0',
      gateway: '10.0.0.1',
      dns1: '10.0.0.2',
      dns2: '10.0.0.3',
    },
  ])
  expect(sensor.askedFor('proxy.apply')).toEqual([
    { enabled: true, host: 'proxy.example.com', port: 3128, auth: 'basic', user: 'EX\\joe', password: 's3cret' },
  ])
  expect(sensor.askedFor('personalize')).toEqual([{ code: '70192264604618' }])
})

consoleTest('keys typed while an operation runs wait for its answer', async ({ screen, sensor }) => {
  sensor.on('network.apply', () => undefined)
  await screen.shows('> 1 Set up Network')
  screen.send(enter, '1', enter)
  await screen.shows('Asking the network for an address ... ')
  // The first Enter closes the message that is still to come.
  screen.send(enter, '3', enter, '1234')
  await screen.shows(/address \.\.\. [1-9]\d* s/)
  expect(screen.text()).toContain('Set up Network')
  sensor.release()
  await screen.shows('>1234                ] 4 of 14')
})

for (const [key, auth] of [
  ['1', 'none'],
  ['b', 'basic'],
] as const) {
  consoleTest(`proxy with ${auth} authentication`, async ({ screen, sensor }) => {
    await screen.shows('> 1 Set up Network')
    screen.send('p', enter)
    await screen.shows('> 1 (*) Enable Proxy')
    expect(screen.text()).toContain('2 ( ) Disable Proxy  - none is in use')
    screen.send(enter)
    await screen.shows('Enter the proxy server details')
    expect(screen.text()).toContain('[443  ]')
    screen.send('10.0.0.5', tab, '8080', tab, enter)
    await screen.shows('> 1 (*) NoAuth')
    screen.send(key, enter)
    if (auth !== 'none') {
      await screen.focuses('Proxy User')
      screen.send('joe', tab, 'pass word', tab)
      await screen.shows('> [ Submit ]')
      expect(screen.text()).toContain('[*********       ]')
      expect(screen.text()).not.toContain('pass word')
      screen.send(enter)
    }
    await screen.shows(/go through\s+10\.0\.0\.5 now/)
    const credentials = auth === 'none' ? { user: '' } : { user: 'joe', password: 'pass word' }
    expect(sensor.askedFor('proxy.apply')).toEqual([
      { enabled: true, host: '10.0.0.5', port: 8080, auth, ...credentials },
    ])
  })
}

consoleTest('NTLM with a password that is kept, after a refusal two steps back', async ({ screen, sensor }) => {
  sensor.on('proxy.show', () => ({
    answer: { enabled: true, host: 'old.example.com', port: 3128, auth: 'ntlm', user: 'EX\\joe', passwordIsSet: true },
  }))
  sensor.change({ proxy: { enabled: true, host: 'old.example.com', port: 3128, auth: 'ntlm' } })
  sensor.on('proxy.apply', ({ host }) =>
    host === 'bad.example.com'
      ? { issues: [{ ...issue('host', 32, { proxy: host, reason: 'it does not answer' }), advice: 'Wake it up.' }] }
      : { answer: { enabled: true, host, port: 3128, auth: 'ntlm', user: 'EX\\joe', passwordIsSet: true } },
  )
  await screen.shows('> 1 Set up Network')
  screen.send('2', enter)
  await screen.shows('> 1 (*) Enable Proxy')
  screen.send(enter)
  // Typing replaces a value that was there before.
  await screen.shows('>old.example.com                         ]')
  screen.send('bad.example.com', tab, tab, enter)
  await screen.shows('> 3 (*) NTLMAuth')
  screen.send(enter)
  await screen.shows('Proxy Password [(kept)          ]')
  screen.send(enter, enter, enter)
  await screen.shows('32 Prxy Unreachable')
  expect(screen.text()).toContain('The proxy at bad.example.com cannot be used: it does not answer.')
  expect(screen.text()).toContain('Wake it up.')
  expect(screen.focusedRow()).toContain('! Proxy IP Address >bad.example.com')
  screen.send('\x15', 'good.example.com', tab, tab, enter, enter, enter, enter, enter)
  await screen.shows(/go through\s+good\.example\.com now/)
  const kept = { enabled: true, port: 3128, auth: 'ntlm', user: 'EX\\joe' }
  expect(sensor.askedFor('proxy.apply')).toEqual([
    { ...kept, host: 'bad.example.com' },
    { ...kept, host: 'good.example.com' },
  ])
})

consoleTest('personalize: refused, then registered', async ({ screen, sensor }) => {
  sensor.on('personalize', ({ code }) => {
    if (code !== '70192264604618') return refusal('code', 23, { reason: 'the platform does not know it' })
    sensor.change({ registration: 'Registered', link: { ...sensor.status.link, isUp: true, sinceMs: Date.now() } })
    return { answer: { name: 'nps-test' } }
  })
  await screen.shows('> 1 Set up Network')
  screen.send('3', enter)
  await screen.shows('Personalize This Sensor')
  expect(screen.text()).toContain('Enter the 14 digit Personalization Code:')
  screen.send('701922646046')
  await screen.shows('>7019 2264 6046      ] 12 of 14')
  screen.send('19', enter)
  await screen.shows('[7019 2264 6046 19   ] 14 of 14')
  screen.send(enter)
  await screen.shows('23 Invalid PERS code')
  expect(screen.text()).toContain('the platform does not know it')
  screen.send(KEY.backspace, '8', tab, enter)
  await screen.shows('Appliance registration completed successfully.')
  await screen.shows('Status: Registered')
  screen.send(enter)
  await screen.shows('Main menu')
})

consoleTest(
  'the sensor goes away and comes back; the console stays, with what was typed',
  async ({ screen, sensor }) => {
    await screen.shows('> 1 Set up Network')
    screen.send(enter, '2', enter, '10.0.0.9')
    await screen.shows('>10.0.0.9       ]')
    await sensor.stop()
    await screen.shows('THE SENSOR IS NOT RUNNING')
    screen.send(tab, '/16', tab, tab, tab, tab, enter)
    await screen.shows('10 Internal Error')
    expect(screen.text()).toContain('the sensor is not running')
    expect(screen.text()).toContain('[255.255.0.0    ]')
    await sensor.start()
    await screen.shows('Status: Unregistered')
    screen.send(enter)
    await screen.shows('The network settings were accepted')
    expect(sensor.askedFor('network.apply')).toHaveLength(1)
  },
)

consoleTest('the sensor stops in the middle of an operation', async ({ screen, sensor }) => {
  sensor.on('network.apply', () => undefined)
  await screen.shows('> 1 Set up Network')
  screen.send(enter, enter)
  await screen.shows('Asking the network for an address')
  await sensor.stop()
  await screen.shows('the sensor stopped before it had answered')
  screen.send(escape)
  await screen.shows('> 1 Set up Network')
})

consoleTest('a lost platform is a COMMUNICATION FAILURE with number and reason', async ({ screen, sensor }) => {
  await screen.shows('> 1 Set up Network')
  sensor.change({
    registration: 'Registered',
    link: {
      ...sensor.status.link,
      trouble: { number: 31, message: 'The platform at platform.example.com cannot be reached: no route.' },
    },
  })
  await screen.shows('COMMUNICATION FAILURE 31 Communication Failed with Cloud')
  screen.send('4', enter)
  await screen.shows(/TROUBLE +31 Communication Failed with Cloud/)
  await screen.shows(/cannot be reached: no\s+route\./)
  screen.send(escape)
  await screen.shows('Main menu')
})

consoleTest('on a small terminal the rung that failed comes into sight', async ({ screen, sensor }) => {
  const rung = (name: string): Rung => ({ name, state: 'passed', measured: 'answers after 2 ms' })
  const trouble = { number: 25 as const, message: 'The gateway 10.1.0.1 does not answer.' }
  const failed: Rung = { name: 'Gateway 10.1.0.1', state: 'failed', measured: '', trouble }
  const rungs = [rung('Cable'), rung('Static address'), rung('Address conflict'), failed, rung('DNS1'), rung('DNS2')]
  const test = { isRunning: false, startedMs: 1, isReached: false, code: '4000-0W0A-000K' }
  sensor.on('connection.test', () => ({ answer: { ...test, rungs } }))
  await screen.shows('> 1 Set up Network')
  screen.resize(40, 12)
  screen.send('5', enter)
  await screen.shows(/FAILED +Gateway 10\.1\.0\.1/)
  expect(screen.text()).toContain('25 Gateway Unreachable')
  screen.send(KEY.home)
  await screen.shows(/ok +Cable/)
})

consoleTest('recent flows scroll', async ({ screen, sensor }) => {
  const end = (name: string): { class: 'inventoried'; name: string } => ({ class: 'inventoried', name })
  sensor.on('flows', ({ limit }) => ({
    answer: Array.from({ length: Math.min(40, limit) }, (_none, index) => ({
      client: end(`10.0.0.${index}`),
      server: end('192.0.2.7'),
      port: 443,
      proto: 'tcp' as const,
      c2sPackets: 1000,
      s2cPackets: 2000,
      c2sBytes: 1_000_000,
      s2cBytes: 2_000_000,
      firstMs: 0,
      lastMs: 1,
    })),
  }))
  await screen.shows('> 1 Set up Network')
  screen.send('7', enter)
  await screen.shows(/10\.0\.0\.0 +192\.0\.2\.7 +443 tcp +3,000 +2\.86 MB/)
  screen.send(KEY.end)
  await screen.shows('10.0.0.39')
  await screen.shows('of 40')
  expect(screen.text()).toContain('client')
  screen.send(up, interrupt)
  await screen.shows('> 7 Recent flows')
})

consoleTest('the window becomes smaller, too small, and whole again', async ({ screen }) => {
  await screen.shows('> 1 Set up Network')
  screen.send(enter, '2', enter, '10.0.0.9', tab)
  await screen.focuses('Netmask')
  screen.resize(40, 12)
  await screen.until('a screen of 12 rows', () => (screen.rows()[11] ?? '').startsWith('Tab next'))
  expect(screen.text()).toContain('IP address [10.0.0.9       ]')
  expect(screen.focusedRow()).toContain('Netmask')
  screen.resize(30, 8)
  await screen.shows('This terminal is 30x8.')
  screen.resize(120, 40)
  await screen.until('a screen of 40 rows', () => (screen.rows()[39] ?? '').startsWith('Tab next'))
  expect(screen.text()).toContain('Welcome to Qualys')
  screen.send(backTab)
  await screen.focuses('IP address >10.0.0.9       ]')
})

consoleTest('Ctrl-L draws a screen that was disturbed again', async ({ screen }) => {
  await screen.shows('Ctrl-L redraw')
  const before = screen.text()
  screen.disturb('\x1b[2J\x1b[5;5Hnoise on the line')
  await screen.shows('noise on the line')
  screen.send(KEY.redraw)
  await screen.until('the screen as it was', () => screen.text() === before)
})

consoleTest('Exit gives the terminal back', async ({ screen }) => {
  await screen.shows('> 1 Set up Network')
  screen.send(interrupt)
  await screen.shows('>   Exit')
  screen.send(enter)
  expect(await screen.ended()).toBe(0)
  expect(screen.cursor().column).toBe(0)
  expect(screen.focusedRow()).toBe('')
})

consoleTest(
  'a locked console asks for its password, and waits longer after each wrong one',
  async ({ screen, sensor }) => {
    sensor.on('unlock', ({ pin }) => (pin === '1234' ? { answer: {} } : refusal('pin', 28)))
    await screen.shows('> 1 Set up Network')
    sensor.change(aStatus({ consoleIsLocked: true }))
    await screen.shows('This console is locked')
    screen.send(escape, '0000', enter, enter)
    await screen.shows('28 Invalid Password')
    await screen.shows('Wait 1 s before the next try.')
    screen.send('1234', enter, enter)
    await screen.shows('> 1 Set up Network')
    expect(sensor.askedFor('unlock')).toEqual([{ pin: '0000' }, { pin: '1234' }])
  },
)

consoleTest('a console that was there first finds its sensor', async ({ screen, sensor }) => {
  await sensor.stop()
  await screen.shows(/Waiting for the sensor|THE SENSOR IS NOT RUNNING/)
  await sensor.start()
  screen.send('4', enter)
  await screen.shows('Sensor status')
  await screen.shows('serial SN0001')
})

consoleTest(
  'a test of the connection starts by itself, goes on while one looks, and begins anew',
  async ({ screen, sensor }) => {
    let answered = 0
    sensor.on('connection.test', ({ start }) => {
      answered = start ? 0 : answered + 1
      const isRunning = answered < 1
      return {
        answer: {
          isRunning,
          startedMs: Date.now(),
          isReached: false,
          code: isRunning ? '' : '4000-0W0A-000K',
          rungs: [
            { name: 'Gateway 192.168.1.1', state: 'passed', measured: 'answers after 2 ms' },
            isRunning
              ? { name: 'DNS1 192.168.1.1', state: 'running', measured: '' }
              : {
                  name: 'DNS1 192.168.1.1',
                  state: 'failed',
                  measured: '',
                  trouble: { number: 26, message: 'The DNS server 192.168.1.1 does not answer.' },
                },
          ],
        },
      }
    })
    await screen.shows('> 1 Set up Network')
    screen.send('t', enter)
    await screen.shows('Testing ...')
    await screen.shows('The connection ends at: DNS1 192.168.1.1.')
    expect(screen.text()).toContain('26 DNS1 Unreachable')
    expect(screen.text()).toContain('Check the address of DNS1.')
    screen.send(enter)
    await screen.shows('Testing ...')
    screen.send(escape)
    await screen.shows('> 5 Test connection')
    expect(sensor.askedFor('connection.test').filter(({ start }) => start)).toHaveLength(2)
  },
)

consoleTest('earlier settings are looked at first, then restored', async ({ screen, sensor }) => {
  const changes = [{ label: 'IP address', now: '192.168.1.77', then: '192.168.1.4' }]
  sensor.on('history.list', () => ({
    answer: [{ id: '7', untilMs: Date.UTC(2024, 0, 2, 3), family: 'network', changes }],
  }))
  sensor.on('history.restore', () => refusal('', 25, { value: '192.168.1.1' }))
  await screen.shows('> 1 Set up Network')
  screen.send('9', enter)
  await screen.shows('> 1 2024-01-02 03:00  Network: IP address')
  screen.send(enter)
  await screen.shows('IP address: now 192.168.1.77, then 192.168.1.4')
  expect(sensor.askedFor('history.restore')).toEqual([])
  screen.send(enter)
  await screen.shows('25 Gateway Unreachable')
  sensor.on('history.restore', () => ({ answer: {} }))
  screen.send(enter)
  await screen.shows('The earlier settings were accepted and are in force now.')
  expect(sensor.askedFor('history.restore')).toEqual([{ id: '7' }, { id: '7' }])
})

consoleTest('the console lock: two new passwords that differ are refused with 28', async ({ screen, sensor }) => {
  await screen.shows('> 1 Set up Network')
  screen.send('c', enter, 'a', enter, '0000\r1234\r1243\r', enter)
  await screen.focuses('! New once more')
  expect(screen.text()).toContain('28 Invalid Password')
  expect(sensor.askedFor('console.lock')).toEqual([])
  screen.send('\x15', '1234', enter, enter)
  await screen.shows('The console lock is set.')
  expect(sensor.askedFor('console.lock')).toEqual([{ lock: true, pin: '0000', newPin: '1234' }])
})

consoleTest('a reboot takes its word', async ({ screen, sensor }) => {
  await screen.shows('> 1 Set up Network')
  screen.send(KEY.end, 'sss', enter, 'r', enter, 'reboot', enter, enter)
  await screen.shows('Nothing was done.')
  screen.send('\x15', 'REBOOT', enter, enter)
  await screen.shows('The appliance is restarting.')
  expect(sensor.askedFor('system.reboot')).toEqual([{ confirmation: 'REBOOT' }])
})

consoleTest(
  'errors, mirror port, help and site card are pages, and Esc leads out of each',
  async ({ screen, sensor }) => {
    sensor.on('errors', () => ({
      answer: [{ atMs: Date.now(), number: 12, message: 'No DNS server knows it.', during: 'a test', times: 1 }],
    }))
    await screen.shows('> 1 Set up Network')
    for (const [letters, words] of [
      ['8', '12 DNS Lookup Failed'],
      ['6', 'office.pcap'],
      ['h', 'Draw the whole screen again.'],
      ['\x1b[4~ssss', 'SITE CARD'],
    ] as const) {
      screen.send(letters, enter)
      await screen.shows(words)
      screen.send(escape)
      await screen.shows('Main menu')
    }
  },
)

consoleTest('Ctrl-C withdraws a network change that is under way', async ({ screen, sensor }) => {
  // The sensor answers the change only when it has been told to withdraw it.
  sensor.on('network.apply', () => undefined)
  sensor.on('cancel', () => {
    sensor.release({ issues: refusal('', 10, { reason: 'cancelled; nothing was changed' }).issues })
    return { answer: {} }
  })
  await screen.shows('> 1 Set up Network')
  screen.send(enter, enter)
  await screen.shows('Ctrl-C cancels')
  screen.send(interrupt)
  await screen.shows('Cancelled. What was in force before is in force still.')
  expect(screen.text()).toContain('> 1 (*) DHCP (now)')
  expect(sensor.askedFor('cancel')).toHaveLength(1)
})

consoleTest('the machines are listed, and one tells why; what strangers said cannot move the cursor', async (story) => {
  const { screen, sensor } = story
  const said = { kind: 'hostname', value: 'desk\u202e\u{1f600}7', confidence: 90, source: 'dhcp', atMs: Date.now() }
  const machine = { id: '00:1b:21:10:00:07', addresses: ['10.0.0.7'], macs: ['00:1b:21:10:00:07'], lastMs: Date.now() }
  const attributes = [{ ...said, clue: '' }]
  sensor.on('assets', ({ text }) => ({
    answer: text === 'nobody' ? { machines: [], total: 0 } : { machines: [{ ...machine, attributes }], total: 1 },
  }))
  const whole = { ...machine, isGateway: false, firstMs: Date.now(), attributes, said: [said], reasons: ['it says so'] }
  sensor.on('asset', () => ({ answer: [whole] }))
  await screen.shows('> 1 Set up Network')
  screen.send('mm', enter)
  await screen.shows('1 machine, the latest first')
  expect(screen.text()).toMatch(/2 \d\d:\d\d {2}10\.0\.0\.7 {2}desk\?\?7$/m)
  screen.send('2', enter)
  await screen.shows('ONE MACHINE, BECAUSE')
  expect(screen.text()).toContain('90 % sure, dhcp, ')
  expect(sensor.askedFor('asset')[0]).toEqual({ who: machine.id })
  screen.send(escape)
  await screen.shows('Find a machine')
  screen.send('f', enter, 'nobody\t', enter)
  await screen.shows('No machine has this in an address, a MAC or its name.')
  expect(sensor.askedFor('assets').at(-1)).toMatchObject({ text: 'nobody' })
})
