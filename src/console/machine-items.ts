import type { Loaded } from '../form/state'
import type { Operations } from '../sensor/messages'
import { count, counted, moment } from '../text/figures'
import { machineWords } from '../text/machine-words'

type MachineList = Operations['assets']['answer']
type Machine = MachineList['machines'][number]

const DAY_MS = 24 * 3600 * 1000

/** Names may be longer; then what stands behind them is not in line. */
const NAME = 20
const ADDRESS = 15

/**
 * `20:31  192.168.50.20  printer-3  HP LaserJet printer`: what tells the most stands first, since a small screen cuts the
 * rest off. Choosing one asks for it by what the sensor calls it.
 */
export function machineItems(machines: readonly Machine[], nowMs: number): NonNullable<Loaded['items']> {
  const rows = machines.map((machine) => {
    const { hostname, vendor, device } = machineWords(machine.attributes)
    return { machine, address: addressOf(machine), name: hostname, what: device || vendor }
  })
  const widthOf = (most: number, texts: string[]): number =>
    Math.min(most, Math.max(0, ...texts.map((text) => text.length)))
  const addressWidth = widthOf(
    ADDRESS,
    rows.map(({ address }) => address),
  )
  const nameWidth = widthOf(
    NAME,
    rows.map(({ name }) => name),
  )
  return rows.map(({ machine, address, name, what }) => ({
    label: [lastSeen(machine.lastMs, nowMs), address.padEnd(addressWidth), name.padEnd(nameWidth), what]
      .join('  ')
      .trimEnd(),
    values: { 'asset.who': machine.id },
  }))
}

/** `12 machines`, `100 of 9,871 machines` */
export function countOf({ machines, total }: MachineList): string {
  const all = counted(total, 'machine')
  return machines.length < total ? `${count(machines.length)} of ${all}` : all
}

/** People know machines by their IPv4 address; some have none, or none at all. */
function addressOf({ addresses, macs }: Machine): string {
  return addresses.find((address) => !address.includes(':')) ?? addresses[0] ?? macs[0] ?? ''
}

/** The time in UTC, and of what was not heard for a day, the day: `20:31`, `11-27`. */
function lastSeen(atMs: number, nowMs: number): string {
  const text = moment(atMs)
  return nowMs - atMs < DAY_MS ? text.slice(11, 16) : text.slice(5, 10)
}
