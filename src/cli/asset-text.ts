import type { MachineSummary, ProvenAttribute } from '../report/summary'
import { machineWords } from '../text/machine-words'
import { columns, pairs, when } from './print'

/** Machines for people; with `why` also the evidence for each attribute, and for what is held to be one machine. */
export function assetsText(machines: readonly MachineSummary[], why: boolean): string {
  if (machines.length === 0) return 'No such asset is known.\n'
  return machines.map((machine) => (why ? `${what(machine)}\n${reasons(machine)}` : what(machine))).join('\n')
}

function what({ addresses, macs, isGateway, firstMs, lastMs, attributes, said }: MachineSummary): string {
  const { hostname, vendor, os, device } = machineWords(attributes)
  const services = said.filter(({ kind }) => kind === 'service').map(({ value }) => value)
  return pairs([
    ['Hostname', hostname],
    ['Addresses', addresses.join(', ')],
    ['MAC', macs.join(', ')],
    ['Vendor', vendor],
    ['System', os],
    ['Device', device],
    ['Services', services.sort().join(', ')],
    ['Gateway', isGateway ? 'yes' : ''],
    ['NAT', attributes.some(({ kind }) => kind === 'nat') ? 'suspected' : ''],
    ['First seen', when(firstMs)],
    ['Last seen', when(lastMs)],
  ])
}

function reasons({ attributes, reasons: merges, said }: MachineSummary): string {
  const because = attributes.map(({ kind, value, confidence, source, clue, atMs }: ProvenAttribute) => {
    return [kind, value, String(confidence), source, clue || 'said outright', when(atMs)]
  })
  const parts = [
    because.length === 0 ? '' : columns(['Attribute', 'Value', ' Sure %', 'Protocol', 'Made of', 'Frame'], because),
    merges.length === 0
      ? ''
      : columns(
          ['One machine, because'],
          merges.map((reason) => [reason]),
        ),
    said.length === 0
      ? ''
      : columns(
          ['Protocol', 'Kind', 'Said', 'Frame'],
          said.map(({ source, kind, value, atMs }) => [source, kind, value, when(atMs)]),
        ),
  ]
  return parts.filter((part) => part !== '').join('\n') || 'Nothing was said of it.\n'
}
