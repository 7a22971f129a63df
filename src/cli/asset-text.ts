import type { MachineList, MachineSummary, ProvenAttribute } from '../report/summary'
import { count } from '../text/figures'
import { machineWords } from '../text/machine-words'
import { clueText, machineRows } from '../text/machine-rows'
import { columns, pairs, when } from './print'

/** Machines for people; with `why` also the evidence for each attribute, and for what is held to be one machine. */
export function assetsText(machines: readonly MachineSummary[], why: boolean): string {
  if (machines.length === 0) return 'No such asset is known.\n'
  return machines.map((machine) => (why ? `${what(machine)}\n${reasons(machine)}` : what(machine))).join('\n')
}

/** Machines as a table, without evidence. */
export function assetListText({ machines, total }: MachineList): string {
  if (total === 0) return 'No such asset is known.\n'
  const rows = machines.map(({ addresses, macs, lastMs, attributes }) => {
    const { hostname, vendor, device } = machineWords(attributes)
    return [when(lastMs), addresses[0] ?? '', macs[0] ?? '', hostname, device || vendor]
  })
  const rest = machines.length < total ? `${count(machines.length)} of ${count(total)} shown\n` : ''
  return columns(['Last seen', 'Address', 'MAC', 'Hostname', 'Device or vendor'], rows) + rest
}

function what(machine: MachineSummary): string {
  return pairs(machineRows(machine, when))
}

function reasons({ attributes, reasons: merges, said }: MachineSummary): string {
  const because = attributes.map(({ kind, value, confidence, source, clue, atMs }: ProvenAttribute) => {
    return [kind, value, String(confidence), source, clueText(clue), when(atMs)]
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
