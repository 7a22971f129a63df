import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { verifyNetwork } from '../../../src/network/verify-network'
import { verifyProxy } from '../../../src/network/verify-proxy'
import { connectControl } from '../../../src/sensor/control-client'
import { places } from '../../../src/settings/places'
import { openSettings } from '../../../src/settings/settings'
import { clearLabs, labTest, newLab } from '../namespaces/lab'

/** A sensor and a worker that are not root: what they need is said in plain words, and nothing is half done. */

afterEach(clearLabs)

const there = labTest('setpriv')

const NPS = resolve(__dirname, '../../../../bin/nps')
const NOBODY = 65_534

/** May read what root may, as a clone can lie below /root, and else no more than anybody. */
const AS_NOBODY = [
  'setpriv',
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  '--clear-groups',
  '--inh-caps=-all,+dac_read_search',
  '--ambient-caps=-all,+dac_read_search',
]

const SETTLED = {
  mode: 'static' as const,
  address: '10.1.0.20',
  netmask: '255.255.255.0',
  gateway: '10.1.0.1',
  dns1: '10.1.0.1',
  dns2: '',
}

there('a sensor that is not root says that only root may set the network up, and leaves all as it is', async () => {
  const lab = newLab()
  const [machine, server] = [lab.machine('appliance'), lab.machine('server')]
  lab.cable(machine, 'eth0', server, 'eth0')
  machine.address('eth0', '10.1.0.20/24')
  machine.gateway('10.1.0.1')
  const folder = join(lab.folder, 'sensor')
  const where = places(folder)
  const settings = await openSettings(where, { network: verifyNetwork, proxy: verifyProxy })
  const { management } = settings.sensor
  await settings.saveSensor({
    ...settings.sensor,
    management: { ...management, port: 'eth0', backend: 'iproute2' },
  })
  await settings.saveNetwork({ ...settings.network, ...SETTLED })
  await settings.close()
  chownSync(lab.folder, NOBODY, NOBODY)
  for (const name of ['', ...readdirSync(folder, { recursive: true })])
    chownSync(join(folder, String(name)), NOBODY, NOBODY)
  const state = (): string[] => [
    machine.run('ip', '-o', 'address', 'show', 'dev', 'eth0', 'scope', 'global'),
    machine.run('ip', 'route'),
    machine.run('cat', '/etc/resolv.conf'),
    machine.run('cat', '/sys/class/net/eth0/mtu'),
    machine.run('hostname'),
    readFileSync(join(where.settings, 'network.ini'), 'utf8'),
  ]
  const before = state()

  const sensor = machine.start([...AS_NOBODY, process.execPath, NPS, 'sensor', '--folder', folder, '--announce'])
  await sensor.says(/ready/)
  const control = await connectControl(where.socket)
  const WHY = `only root may set the network of this machine up, and the sensor runs as user ${NOBODY}`
  await sensor.says(new RegExp(`network: .*${WHY}`))
  const outcome = await control.ask('network.apply', {
    ...SETTLED,
    address: '10.1.0.21',
    mtu: '1400',
    hostname: 'other',
  })
  expect(outcome).toMatchObject({
    ok: false,
    issues: [{ number: 10, message: expect.stringContaining(WHY), advice: expect.stringContaining('as root') }],
  })
  expect(state()).toEqual(before)
  expect(existsSync(join(where.state, 'network-trial.json'))).toBe(false)

  control.close()
  await sensor.stop('SIGTERM')
  expect(state()).toEqual(before)
})

there('a worker that is not root says what it takes to listen to a port', async () => {
  const lab = newLab()
  const [machine, server] = [lab.machine('appliance'), lab.machine('server')]
  lab.cable(machine, 'eth0', server, 'eth0')
  const worker = machine.start([...AS_NOBODY, process.execPath, NPS, 'worker', '--interface', 'eth0'])
  expect(await worker.ends()).toBe(10)
  expect(worker.text).toContain('This user may not capture on eth0: it takes root or the capability CAP_NET_RAW.')
})
