import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { buildTraffic, type TrafficSettings } from '../../../../src/host/simulated/traffic/build-traffic'

function digestOf(settings: TrafficSettings): string {
  const hash = createHash('sha256')
  for (const { atMicros, bytes } of buildTraffic(settings).frames) hash.update(`${atMicros} `).update(bytes)
  return hash.digest('hex')
}

test('one seed gives one capture, another seed another', () => {
  const settings = { seed: 5, minutes: 1, hosts: 6 }
  expect(digestOf(settings)).toBe(digestOf({ ...settings }))
  expect(digestOf({ ...settings, seed: 6 })).not.toBe(digestOf(settings))
})

test('frames come in time order, fit an Ethernet, and are all accounted for', () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 12 }), (seed, hosts) => {
      const minutes = 0.5
      const traffic = buildTraffic({ seed, minutes, hosts })
      const wrong: string[] = []
      let last = 0
      let flowPackets = 0
      for (const { atMicros, bytes } of traffic.frames) {
        if (!Number.isInteger(atMicros) || atMicros < last) wrong.push(`${atMicros} after ${last}`)
        if (bytes.length < 60 || bytes.length > 1518) wrong.push(`${bytes.length} bytes`)
        last = atMicros
        if (isTcpOrUdp(bytes)) flowPackets++
      }
      expect(wrong).toEqual([])
      const flows = traffic.expectedFlows()
      const expected = flows.reduce((sum, flow) => sum + flow.c2sPackets + flow.s2cPackets, 0)
      expect(flowPackets).toBe(expected)
      expect(flows.filter((flow) => flow.c2sPackets === 0)).toEqual([])
    }),
    { numRuns: 8 },
  )
})

test('nobody real is in it: every address is private, link-local, a group or kept for documentation', () => {
  const traffic = buildTraffic({ seed: 3, minutes: 2, hosts: 10 })
  expect([...traffic.frames].length).toBeGreaterThan(1_000)
  const addresses = new Set(traffic.expectedFlows().flatMap((flow) => [flow.client, flow.server]))
  const ours = /^(192\.168\.|10\.|198\.51\.100\.|203\.0\.113\.|22[4-9]\.|239\.|255\.|0\.0\.0\.0$|2001:db8:|fe80:|ff02:)/
  expect([...addresses].filter((address) => !ours.test(address))).toEqual([])
})

test('a company too large for its addresses is refused', () => {
  expect(() => buildTraffic({ seed: 1, minutes: 1, hosts: 20_001 })).toThrow(RangeError)
  expect(() => buildTraffic({ seed: 1, minutes: 1, hosts: 0 })).toThrow(RangeError)
  expect(() => buildTraffic({ seed: 1, minutes: 0 })).toThrow(RangeError)
})

/** Read from the bytes, where the builder's own account is not. */
function isTcpOrUdp(bytes: Buffer): boolean {
  const isTagged = bytes.readUInt16BE(12) === 0x8100
  const at = isTagged ? 18 : 14
  const etherType = bytes.readUInt16BE(at - 2)
  const protocol = etherType === 0x0800 ? bytes[at + 9] : etherType === 0x86dd ? bytes[at + 6] : 0
  return protocol === 6 || protocol === 17
}
