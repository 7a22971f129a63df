import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { healthRows } from '../../src/health/health-rows'
import * as verdict from '../../src/health/verdict'
import { aReport } from '../console/a-mirror'

const PAGE = readFileSync(join(__dirname, '../../../man/nps-health.8'), 'utf8').replace(/\s+/g, ' ')

test('nps-health.8 has every figure of the screen', () => {
  const full = aReport(1, {
    stackedFrames: 1,
    erspan: [{ source: '10.0.0.1', type: 'II', id: 1, packets: 1, missing: 0 }],
    vxlan: [{ vni: 1, packets: 1 }],
    twins: [{ address: '10.0.0.1', macs: ['', ''], vlans: [0, 0] }],
    nat: [{ address: '10.0.0.1', systems: ['', ''] }],
  })
  for (const [label] of healthRows(full, 1e9)) expect(PAGE).toMatch(new RegExp(`\\.B (\\w[\\w ]*, )*${label}\\b`))
})

test('nps-health.8 has the thresholds', () => {
  const shares = Object.entries(verdict).filter(([name]) => /^[A-Z_]+_SHARE$/.test(name) && name !== 'PORT_FULL_SHARE')
  expect(shares.length).toBeGreaterThan(10)
  for (const [name, value] of shares) {
    const percent = Math.round(1000 * Number(value)) / 10
    expect([name, PAGE]).toEqual([
      name,
      expect.stringMatching(percent === 50 ? /\bHalf\b/ : new RegExp(`\\b${percent} %`)),
    ])
  }
})
