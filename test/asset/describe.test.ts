import { describe as describeAsset } from '../../src/asset/describe'
import { groupsOf } from '../../src/asset/identity'
import { Inventory } from '../../src/asset/inventory'
import { loadSignatures } from '../../src/capture/signature-files'

test('what a machine says counts before what the maker of its card makes, sure alike, however long it is heard', () => {
  const inventory = new Inventory({ capacity: 10 })
  inventory.claim('10.0.0.1', '00:0c:29:00:00:01', 0)
  const said = { kind: 'role', value: 'profinet controller', confidence: 0, source: 'profinet-cm', atMs: 1000 }
  inventory.observe({ ip: '10.0.0.1' }, said)
  inventory.claim('10.0.0.1', '00:0c:29:00:00:01', 5000)
  const [group] = groupsOf(inventory, () => false)
  const { deviceType, maker, lastMs } = describeAsset(group!, loadSignatures())
  expect({ deviceType, maker, lastMs }).toEqual({ deviceType: 'controller', maker: 'VMware', lastMs: 5000 })
})
