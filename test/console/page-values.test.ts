import fc from 'fast-check'
import { cardPage } from '../../src/console/card-page'
import { connectionPage } from '../../src/console/connection-page'
import { errorsPage } from '../../src/console/errors-page'
import { flowsPage } from '../../src/console/flows-page'
import { machinePage } from '../../src/console/machine-page'
import { mirrorPage } from '../../src/console/mirror-page'
import { statusPage } from '../../src/console/status-page'
import type { SensorStatus } from '../../src/sensor/messages'
import { aStatus } from './a-status'
import { anyWorld } from './any-world'
import { headerOf, NOW } from './pictures'

/** Without blanks, line ends and the QR code: what is wrapped is whole again. */
const squeezed = (text: string): string => text.replace(/[\s▀▄█]/g, '')

/** Each of these is on the page from its first character to its last. */
function expectWhole({ head = [], lines }: { head?: string[]; lines: string[] }, values: readonly string[]): void {
  const text = squeezed([...head, ...lines].join('\n'))
  for (const value of values)
    if (!text.includes(squeezed(value))) throw new Error(`${value} is not on:\n${lines.join('\n')}`)
}

const identity = ({ name, model, serial, version, network }: SensorStatus): string[] => [
  ...[name, model, serial, version],
  ...[network.mac, network.address],
]

test('the status of a sensor that is well is seen at a glance: nothing of it is below the edge of an 80x24', () => {
  const link = { platform: 'platform.example.com', isUp: true, sinceMs: NOW - 3_600_000, nextAttemptMs: 0 }
  const spool = { ...aStatus().spool, lastsMs: 210 * 86_400_000 }
  const status = aStatus({ registration: 'Registered', sensing: 'Sensing', model: 'QPS-01G-0100-A0', link, spool })
  const ROWS_OF_FRAME = 6
  expect(statusPage(status, 79, NOW).length).toBeLessThanOrEqual(24 - ROWS_OF_FRAME)
})

test('without an IPv4 address the header has the IPv6 one, and says so when there is none at all', () => {
  const { network } = aStatus()
  const headed = (ipv6: string[]): string =>
    headerOf(aStatus({ network: { ...network, address: '', ipv6 } }), { columns: 80, rows: 24 })[0] ?? ''
  expect(headed(['fd00::30/64', 'fd00::31/64'])).toBe('Welcome to Qualys   nps-test   fd00::30')
  expect(headed([])).toBe('Welcome to Qualys   nps-test   no address yet')
})

test('a site card with a long name beside a small code', () => {
  const status = aStatus({ name: 'one two three '.repeat(9), model: 'M'.repeat(64), serial: 'S'.repeat(64) })
  for (let rows = 12; rows <= 40; rows += 1)
    expectWhole(cardPage(status, { columns: 60, rows }, true), identity(status))
})

test('no page loses a part of a value, however long it is and however small the screen', () => {
  const aSize = fc.record({ columns: fc.integer({ min: 40, max: 200 }), rows: fc.integer({ min: 12, max: 60 }) })
  fc.assert(
    fc.property(anyWorld, aSize, (world, size) => {
      const { status, flows, machines, errors, test, decodesUtf8 } = world
      const { network, proxy, link, worker, mirror, settingsTrouble } = status
      const columns = size.columns - 1
      expectWhole({ lines: statusPage(status, columns, NOW) }, [
        ...identity(status),
        ...[network.gateway, ...network.dns, proxy.enabled ? proxy.host : '', link.platform],
        ...[worker.source, worker.trouble, link.trouble?.message ?? '', ...settingsTrouble],
      ])
      expectWhole(cardPage(status, size, decodesUtf8), identity(status))
      expectWhole(mirrorPage(status, columns), [worker.source, mirror.verdict, ...mirror.also])
      expectWhole(
        flowsPage(flows, columns),
        flows.flatMap(({ client, server }) => [client.name, server.name]),
      )
      expectWhole(
        errorsPage(errors, columns, NOW),
        errors.flatMap(({ message, during }) => [message, during]),
      )
      const proofs = machines.flatMap(({ attributes, said }) => [...attributes, ...said])
      expectWhole(machinePage(machines, columns), [
        ...machines.flatMap(({ addresses, macs, reasons }) => [...addresses, ...macs, ...reasons]),
        ...proofs.flatMap(({ kind, value, source }) => [kind, value, source]),
      ])
      const rungs = test.rungs.flatMap(({ name, measured, trouble }) => [name, measured, trouble?.message ?? ''])
      expectWhole(connectionPage(test, columns, NOW), rungs)
    }),
    { numRuns: 300 },
  )
})
