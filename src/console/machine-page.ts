import type { PageText } from '../form/state'
import type { Operations } from '../sensor/messages'
import { wrap } from '../form/text'
import { moment } from '../text/figures'
import { clueText, machineRows } from '../text/machine-rows'
import { LABEL_WIDTH, labelled } from './labelled'

type Machine = Operations['asset']['answer'][number]

/** What a machine is held to be, and why: as `nps show asset --why` has it, with times in UTC. */
export function machinePage(machines: readonly Machine[], columns: number): Omit<PageText, 'rows'> {
  if (machines.length === 0) return { head: [], lines: wrap('Nothing is known of this machine any more.', columns) }
  return { head: [], lines: machines.flatMap((machine) => [...machineLines(machine, columns), '']).slice(0, -1) }
}

function machineLines(machine: Machine, columns: number): string[] {
  const { attributes, reasons, said } = machine
  const row = (label: string, value: string): string[] => labelledWhole(label, value, columns)
  const because = attributes.flatMap(({ kind, value, confidence, source, clue, atMs }) => [
    ...row(kind, value),
    ...row('', `${confidence} % sure, ${source}, ${moment(atMs)}, ${clueText(clue)}`),
  ])
  return [
    ...machineRows(machine, (ms) => `${moment(ms)} UTC`).flatMap(([label, value]) => row(label, value)),
    ...section('WHY', because),
    ...section(
      'ONE MACHINE, BECAUSE',
      reasons.flatMap((reason) => labelled('', reason, columns, 2)),
    ),
    ...section(
      'SAID',
      said.flatMap(({ source, kind, value, atMs }) => row(source, `${kind}: ${value}, ${moment(atMs)}`)),
    ),
  ]
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines]
}

/** A label that is too long for its column stands above its value. */
function labelledWhole(label: string, value: string, columns: number): string[] {
  if (label.length < LABEL_WIDTH) return labelled(label, value, columns)
  return [label, ...labelled('', value, columns)]
}
