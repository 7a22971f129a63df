import { assetListText, assetsText } from '../../src/cli/asset-text'
import type { MachineSummary } from '../../src/report/summary'

const said = { kind: 'hostname', value: 'desk\u001b[2J', confidence: 85, source: 'dhcp', atMs: 1000 }
const os = { kind: 'os', value: 'Windows', confidence: 90, source: 'http', atMs: 1000, clue: 'http-agent: Mozilla/5.0' }
const machine: MachineSummary = {
  id: '00:1b:21:10:00:07',
  addresses: ['10.1.1.1'],
  macs: ['00:1b:21:10:00:07'],
  isGateway: false,
  firstMs: 1000,
  lastMs: 2000,
  attributes: [{ ...said, clue: '' }, os],
  said: [said, { ...said, kind: 'service', value: 'tcp/22 ssh', source: 'flow' }],
  reasons: ['10.1.1.1 is bonded to its card by ARP, neighbour discovery or DHCP'],
}

test('what is known of a machine, with nothing in it that a terminal obeys', () => {
  const text = assetsText([machine], false)
  expect(text).toMatch(/^Hostname +desk\\u\{1b\}\[2J\n/)
  expect(text).toMatch(/^Services +tcp\/22 ssh$/m)
  expect(text).not.toMatch(/Mozilla|bonded/)
})

test('why: every attribute with its evidence, every merge, and all that was said', () => {
  const text = assetsText([machine], true)
  expect(text).toMatch(/^os +Windows +90 +http +http-agent: Mozilla\/5\.0 +\d{4}-/m)
  expect(text).toMatch(/^hostname +desk\S+ +85 +dhcp +said outright +\d{4}-/m)
  expect(text).toMatch(/^10\.1\.1\.1 is bonded to its card/m)
  expect(text).toMatch(/^flow +service +tcp\/22 ssh/m)
})

test('nobody', () => {
  expect(assetsText([], true)).toBe('No such asset is known.\n')
  expect(assetListText({ machines: [], total: 0 })).toBe('No such asset is known.\n')
})

test('a line a machine, and how many there are when not all are shown', () => {
  const text = assetListText({ machines: [machine], total: 1234 })
  expect(text).toMatch(/^\d{4}-\S+ \S+ +10\.1\.1\.1 +00:1b:21:10:00:07 +desk\\u\{1b\}\[2J$/m)
  expect(text).toMatch(/^1 of 1,234 shown$/m)
})

test('a service that was said of an address and of its card is one', () => {
  const service = { ...said, kind: 'service', value: 'tcp/22 ssh' }
  expect(assetsText([{ ...machine, said: [service, service] }], false)).toMatch(/^Services +tcp\/22 ssh$/m)
})

test('a maker that the model begins with is not said twice', () => {
  const attribute = (kind: string, value: string) => ({ ...os, kind, value })
  const parts = [attribute('maker', 'Apple'), attribute('model', 'Apple TV 4K'), attribute('device', 'media player')]
  expect(assetsText([{ ...machine, attributes: parts }], false)).toMatch(/^Device +Apple TV 4K media player$/m)
})
