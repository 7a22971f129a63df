import { machineWords } from './machine-words'

interface Machine {
  addresses: readonly string[]
  macs: readonly string[]
  isGateway: boolean
  firstMs: number
  lastMs: number
  attributes: readonly { kind: string; value: string }[]
  said: readonly { kind: string; value: string }[]
}

/** What a machine is held to be, a label and a value each; an empty value is nothing to tell. `when` writes a time. */
export function machineRows(machine: Machine, when: (ms: number) => string): [label: string, value: string][] {
  const { addresses, macs, isGateway, firstMs, lastMs, attributes, said } = machine
  const { hostname, vendor, os, device } = machineWords(attributes)
  // Said of the address and of its card, perhaps.
  const services = new Set(said.filter(({ kind }) => kind === 'service').map(({ value }) => value))
  return [
    ['Hostname', hostname],
    ['Addresses', addresses.join(', ')],
    ['MAC', macs.join(', ')],
    ['Vendor', vendor],
    ['System', os],
    ['Device', device],
    ['Services', [...services].sort().join(', ')],
    ['Gateway', isGateway ? 'yes' : ''],
    ['NAT', attributes.some(({ kind }) => kind === 'nat') ? 'suspected' : ''],
    ['First seen', when(firstMs)],
    ['Last seen', when(lastMs)],
  ]
}

/** What an attribute was made of, where a signature concluded it. */
export function clueText(clue: string): string {
  return clue || 'said outright'
}
