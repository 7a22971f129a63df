import { parseCollectorAddress } from '../../src/export/collector-address'

test.each([
  ['ipfix://192.0.2.1:2055', 'udp', '192.0.2.1', 2055],
  ['ipfix://flows.example.com', 'udp', 'flows.example.com', 4739],
  ['ipfix+tcp://[2001:db8::1]:4739', 'tcp', '2001:db8::1', 4739],
  ['IPFIX+TCP://Collector_1/', 'tcp', 'Collector_1', 4739],
  ['ipfix://[fe80::1%eth0]', 'udp', 'fe80::1%eth0', 4739],
  ['ipfix://[::1]:65535', 'udp', '::1', 65535],
])('%s', (url, transport, host, port) => {
  expect(parseCollectorAddress(url)).toEqual({ value: { transport, host, port } })
})

test.each([
  ['', /^not a collector such as ipfix:/],
  ['192.0.2.1:2055', /^not a collector/],
  ['http://192.0.2.1:2055', /^not a collector/],
  ['netflow://192.0.2.1', /^not a collector/],
  ['ipfix://', /^not a collector/],
  ['ipfix://:4739', /^not a collector/],
  ['ipfix://user:secret@192.0.2.1', /^not a collector/],
  ['ipfix://192.0.2.1/path', /^not a collector/],
  ['ipfix://192.0.2.1?q', /^not a collector/],
  ['ipfix://2001:db8::1', /^not a collector/],
  ['ipfix://a b', /^not a collector/],
  ['ipfix://192.0.2.1\n', /^not a collector/],
  ['ipfix://192.0.2.1:0', /port/],
  ['ipfix://192.0.2.1:65536', /port/],
  ['ipfix://192.0.2.1:', /^not a collector/],
  ['ipfix://192.0.2.256', /neither a host name nor an address/],
  ['ipfix://192.0.2', /neither a host name nor an address/],
  ['ipfix://-a.example', /neither a host name nor an address/],
  [`ipfix://${'a'.repeat(254)}`, /neither a host name nor an address/],
  ['ipfix://[192.0.2.1]', /no IPv6 address/],
  ['ipfix://[2001:db8::1::]', /no IPv6 address/],
])('%j is refused', (url, problem) => {
  expect(parseCollectorAddress(url)).toEqual({ problem: expect.stringMatching(problem) })
})
