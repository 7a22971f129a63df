import type { AddressClass, ClassifiedAddress } from '../flow/address-classes'
import { EXTERNAL_NAME } from '../flow/address-classes'
import { OTHERS_TEXT } from '../flow/address-book'
import type { Endpoint } from './summary'

/** What is shown of an end: its address, or one of the names that stand for many. */
export const SHOWN = { ipv4: 0, ipv6: 1, external: 2, excluded: 3, others: 4 } as const

const NAMES: readonly (string | undefined)[] = [undefined, undefined, EXTERNAL_NAME, 'Excluded', OTHERS_TEXT]

const CLASSES: readonly AddressClass[] = ['inventoried', 'non-inventoried', 'excluded', 'monitored', 'external']

// A label: three bits of class, three of what is shown, and above them the number of the monitored group, 0 for none.
const BITS = 3
const MASK = 0x7
const GROUP_SHIFT = 2 * BITS

/** All of an end but its address, as one number. */
export class EndLabels {
  private readonly groups: string[] = []
  private readonly groupNumbers = new Map<string, number>()

  /** Of an end that shows its address, or the name it is shown by. `version` is its address's, 4 or 6. */
  of({ class: kind, name, group }: Pick<ClassifiedAddress, 'class' | 'name' | 'group'>, version: number): number {
    return CLASSES.indexOf(kind) | (shownOf(name, version) << BITS) | (this.groupNumber(group) << GROUP_SHIFT)
  }

  /** The end again. `addressText` is asked for the address where that is shown, of IP version 4 or 6. */
  endpoint(label: number, addressText: (version: number) => string): Endpoint {
    const shown = shownBy(label)
    const end: Endpoint = { class: classOf(label), name: NAMES[shown] ?? addressText(shown === SHOWN.ipv4 ? 4 : 6) }
    const group = this.groups[(label >>> GROUP_SHIFT) - 1]
    if (group !== undefined) end.group = group
    return end
  }

  private groupNumber(group: string | undefined): number {
    if (group === undefined) return 0
    let number = this.groupNumbers.get(group)
    if (number === undefined) this.groupNumbers.set(group, (number = this.groups.push(group)))
    return number
  }
}

export function classOf(label: number): AddressClass {
  return CLASSES[label & MASK]!
}

export function showsAddress(label: number): boolean {
  return shownBy(label) <= SHOWN.ipv6
}

/** The label of all ends of this class, where there is no room for each. */
export function othersOf(label: number): number {
  const shown = shownBy(label)
  const isOfMany = (shown === SHOWN.external && classOf(label) === 'external') || shown === SHOWN.excluded
  return (label & MASK) | ((isOfMany ? shown : SHOWN.others) << BITS)
}

function shownBy(label: number): number {
  return (label >> BITS) & MASK
}

function shownOf(name: string, version: number): number {
  const named = NAMES.indexOf(name)
  return named === -1 ? (version === 4 ? SHOWN.ipv4 : SHOWN.ipv6) : named
}
