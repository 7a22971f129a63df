import { mirrorPage } from '../../src/console/mirror-page'
import type { SensorStatus } from '../../src/sensor/messages'
import { aMinute, aMirror } from './a-mirror'
import { aStatus } from './a-status'

const NOW = Date.UTC(2024, 0, 2, 3, 0, 0)

function page(mirror: SensorStatus['mirror'], columns = 79): { head: string; lines: string[] } {
  const { head, lines } = mirrorPage(aStatus({ mirror }), columns)
  return { head: head.join(' ').trim(), lines }
}

test('the verdict leads, and what else is the matter follows', () => {
  const sick = aMirror(NOW, { recent: aMinute({ oneWay: 400, twoWay: 3, copies: 40_000 }) })
  const { head, lines } = page(sick)
  expect(head).toBe('Only one direction is mirrored. Set the mirror session to both (rx and tx).')
  expect(lines[0]).toMatch(/^Also {10}38 % of the packets are copies of others\./)
})

test('a healthy feed is said to be one', () => {
  const { head, lines } = page(aMirror(NOW))
  expect(head).toContain('The feed is healthy')
  expect(lines[0]).toMatch(/^Source/)
})

test('what the worker takes of memory is beside what it may take, and nothing once it has ended', () => {
  const { worker } = aStatus()
  const row = (isRunning: boolean): string | undefined =>
    mirrorPage(aStatus({ worker: { ...worker, isRunning } }), 79).lines.find((line) => line.startsWith('Tables'))
  expect(row(true)).toBe('Tables        321 flows, 45 assets; memory 312 of 896 MB')
  expect(row(false)).toBe('Tables        321 flows, 45 assets; memory 0 of 896 MB')
})

test.each([40, 79, 131])('no line is wider than %d columns', (columns) => {
  const full = aMirror(NOW, {
    recent: aMinute({ oneWay: 400, truncated: 99_999, copies: 40_000, routedCopies: 30_000, damaged: 5_000 }),
    erspan: [{ source: '2001:db8::1', type: 'III', id: 1023, packets: 123_456_789, missing: 1_234 }],
    vxlan: [{ vni: 16_777_215, packets: 123_456_789 }],
    twins: [{ address: '10.0.0.5', macs: ['02:00:00:00:00:01', '02:00:00:00:00:02'], vlans: [10, 4094] }],
    nat: [{ address: '192.168.250.250', systems: ['Linux or Android', 'a system with TTL 255 wst'] }],
    stackedFrames: 40_000,
    vlanCount: 300,
  })
  const { lines } = page(full, columns)
  expect(lines.filter((line) => line.length > columns)).toEqual([])
  expect(lines.join(' ')).toContain('297 more')
})
