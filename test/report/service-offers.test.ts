import { keyOfText } from '../../src/asset/address-key'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { Box, HOSTS } from './box'

const SERVER = HOSTS[1]!

/** Somebody asks the name server, which answers; then a report is made. What is known of what it offers. */
async function servicesAfterQuestion(box: Box): Promise<string[]> {
  box.send({ from: 0, to: 1, sourcePort: 5000, destinationPort: 53, isTcp: false })
  box.send({ from: 1, to: 0, sourcePort: 53, destinationPort: 5000, isTcp: false })
  await box.report('new')
  const said = box.reporter.inventory.hostAt(keyOfText(SERVER)!)?.evidence.all ?? []
  return said.filter(({ kind }) => kind === 'service').map(({ value }) => value)
}

test('who is admitted again after having been excluded offers what it did', async () => {
  const box = new Box(DEFAULT_ASSET_GROUPS)
  expect(await servicesAfterQuestion(box)).toEqual(['udp/53 dns'])
  await box.reporter.setGroups({ ...DEFAULT_ASSET_GROUPS, excludedRanges: [SERVER] })
  expect(await servicesAfterQuestion(box)).toEqual([])
  await box.reporter.setGroups(DEFAULT_ASSET_GROUPS)
  expect(await servicesAfterQuestion(box)).toEqual(['udp/53 dns'])
})

test('who gets the address of another machine may offer the same', async () => {
  const box = new Box(DEFAULT_ASSET_GROUPS)
  expect(await servicesAfterQuestion(box)).toEqual(['udp/53 dns'])
  box.reporter.inventory.claim(SERVER, '02:00:00:00:00:99', box.nowMs)
  expect(await servicesAfterQuestion(box)).toEqual(['udp/53 dns'])
})
