import { numberInBook } from '../asset/address-key'
import { COMMON_NAMES } from '../asset/common-names'
import { describe, isLocal, type InventoryAsset } from '../asset/describe'
import { groupsOf, type Group } from '../asset/identity'
import { Inventory } from '../asset/inventory'
import { Ear } from '../discovery/ear'
import { OTHERS, type AddressBook } from '../flow/address-book'
import type { FlowMeter, TakenFlow } from '../flow/flow-meter'
import type { Signatures } from '../fingerprint/signatures'
import { ServiceOffers } from '../report/service-offers'
import { loadSignatures } from './signature-files'

const HOSTS = 100_000

const ADDRESSES_AT_START = 1024

/** The machines of a capture, heard while a meter makes its flows. */
export class FileInventory {
  private readonly inventory = new Inventory({ capacity: HOSTS })

  private book: AddressBook | undefined
  /** By the number of an address in the book: when the last flow ended in which it sent something, of those given out. */
  private lastMicros = new Float64Array(ADDRESSES_AT_START)

  /**
   * Hear every packet that the meter takes in from now on. What is answered is to be called for every flow it gives out;
   * the numbers of its book must not change meanwhile.
   */
  hear(meter: FlowMeter): (flow: TakenFlow) => void {
    meter.listener = new Ear(this.inventory)
    this.book = meter.addresses
    const offers = new ServiceOffers(meter, this.inventory)
    return (flow) => {
      if (flow.c2sPackets > 0) this.wasHeard(flow.client, flow.lastMicros)
      if (flow.s2cPackets > 0) this.wasHeard(flow.server, flow.lastMicros)
      offers.learn(flow)
    }
  }

  /** The ear is told of who speaks as a flow begins; until when it went on the flow itself tells. */
  private wasHeard(number: number, lastMicros: number): void {
    while (number >= this.lastMicros.length) this.grow()
    if (lastMicros > this.lastMicros[number]!) this.lastMicros[number] = lastMicros
  }

  private grow(): void {
    const lastMicros = new Float64Array(2 * this.lastMicros.length)
    lastMicros.set(this.lastMicros)
    this.lastMicros = lastMicros
  }

  /**
   * Of the capture's own network, and not those met somewhere behind a router; in the order first seen. Each is described
   * when it is asked for, so that not all of them are held: they can be gone through once.
   */
  assets(): Iterable<InventoryAsset> {
    this.tellWhoWasHeard()
    const groups = groupsOf(this.inventory, (name) => COMMON_NAMES.has(name)).filter(isLocal)
    return described(groups, loadSignatures())
  }

  /** Once for each address, and not for each of its flows. */
  private tellWhoWasHeard(): void {
    const { book, lastMicros, inventory } = this
    if (book === undefined) return
    for (const { key } of inventory.hosts()) {
      const number = numberInBook(book, key)
      // Flows of all that the book has no room for are of nobody's in particular.
      const lastMs = number === OTHERS ? 0 : Math.floor((lastMicros[number] ?? 0) / 1000)
      // The first time is only of those who are not there yet.
      if (lastMs > 0) inventory.hear(key, lastMs, lastMs)
    }
  }

  /** New addresses and cards, and statements, there was no room for. */
  get turnedAway(): number {
    return this.inventory.turnedAway + this.inventory.budget.turnedAway
  }
}

function* described(groups: readonly Group[], signatures: Signatures): Generator<InventoryAsset> {
  const inOrder = groups.map((group) => ({ group, firstMs: firstMsOf(group) }))
  inOrder.sort((one, other) => one.firstMs - other.firstMs)
  for (const { group } of inOrder) yield describe(group, signatures)
}

function firstMsOf({ hosts, cards }: Group): number {
  let first = Infinity
  for (const members of [hosts, cards]) for (const { firstMs } of members) first = Math.min(first, firstMs)
  return first
}
