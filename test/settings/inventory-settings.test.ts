import { inventoryInForce, NOTHING_SAID, type OwnersInventory } from '../../src/settings/inventory-settings'

const OWNER: OwnersInventory = { industrial: true, fingerprints: 'platform', ignoredHostnames: [] }

test.each([
  ['platform', 'undecided', false],
  ['platform', 'yes', true],
  ['platform', 'no', false],
  ['yes', 'undecided', true],
  ['yes', 'yes', true],
  ['yes', 'no', false],
  ['no', 'undecided', false],
  ['no', 'yes', false],
  ['no', 'no', false],
] as const)('the owner says %s of fingerprints and the operator %s: %s', (owner, operator, inForce) => {
  const outcome = inventoryInForce({ ...OWNER, fingerprints: owner }, { ...NOTHING_SAID, fingerprints: operator })
  expect(outcome.fingerprints).toBe(inForce)
})

test('either can turn the OT module off, and either can name a hostname', () => {
  const industrial = (owner: boolean, operator: boolean): boolean =>
    inventoryInForce({ ...OWNER, industrial: owner }, { ...NOTHING_SAID, industrial: operator }).industrial
  expect([industrial(true, true), industrial(true, false), industrial(false, true)]).toEqual([true, false, false])
  const named = inventoryInForce(
    { ...OWNER, ignoredHostnames: ['kiosk', 'desk'] },
    { ...NOTHING_SAID, ignoredHostnames: ['kiosk', 'tv'] },
  )
  expect(named.ignoredHostnames).toEqual(['kiosk', 'desk', 'tv'])
})
