/** An inventoried address that was heard. Hostname, system and type come with the inventory. */
export interface Asset {
  address: string
  /** Colon-separated, lower case; empty when the capture does not tell. */
  mac: string
  /** Milliseconds since 1970. */
  firstMs: number
  lastMs: number
}

interface Entry {
  address: string
  /** Sender of the last frame that came from this address; a router's when the machine is behind one. */
  frameMac: string
  /** What the machine itself said in ARP; empty until it did. */
  arpMac: string
  firstMs: number
  lastMs: number
  isReported: boolean
  /** Seen since it was last taken for a report. */
  isChanged: boolean
}

/** A MAC that sends for more addresses than this is a router's. A machine has a handful: IPv4, and IPv6 of several kinds. */
const MOST_ADDRESSES_OF_ONE_MACHINE = 8

/**
 * The inventoried addresses that have spoken. An address that was only spoken to is not here: a scan of 10.0.0.0/8
 * finds no sixteen million machines, and the broadcast address of a subnet, which nothing in a packet gives away,
 * never sends. Which addresses are inventoried is the caller's knowledge.
 */
export class AssetTable {
  /** New addresses there was no room for. */
  turnedAway = 0
  private readonly entries = new Map<string, Entry>()
  /** The addresses each MAC sends frames for, up to one more than the limit above. */
  private readonly addressesOfMac = new Map<string, Set<string>>()
  /** MACs that introduced themselves in ARP. */
  private readonly arpMacs = new Set<string>()

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.entries.size
  }

  /** Packets came from this address, in frames sent by `mac` (empty when the capture does not tell). */
  see(address: string, mac: string, firstMs: number, lastMs: number): void {
    const entry = this.enter(address, firstMs, lastMs)
    if (entry === undefined || mac === '') return
    entry.frameMac = mac
    let addresses = this.addressesOfMac.get(mac)
    if (addresses === undefined) {
      if (this.addressesOfMac.size >= this.capacity) return
      addresses = new Set()
      this.addressesOfMac.set(mac, addresses)
    }
    if (addresses.size <= MOST_ADDRESSES_OF_ONE_MACHINE) addresses.add(address)
  }

  /** A machine said in ARP that the address is its own. */
  seeArp(address: string, mac: string, atMs: number): void {
    this.seeOwner(mac)
    const entry = this.enter(address, atMs, atMs)
    if (entry !== undefined) entry.arpMac = mac
  }

  /** This MAC speaks ARP for an address of its own, whichever that is. */
  seeOwner(mac: string): void {
    if (this.arpMacs.size < this.capacity) this.arpMacs.add(mac)
  }

  /** Known, and in no report that reached the disk yet. */
  isNew(address: string): boolean {
    return this.entries.get(address)?.isReported === false
  }

  /** The MAC of a known address; empty where the capture did not tell, or the address is no asset. */
  macOf(address: string): string {
    const entry = this.entries.get(address)
    return entry === undefined ? '' : this.macOfEntry(entry)
  }

  /** The assets that were never reported. */
  takeNew(): Asset[] {
    return this.take((entry) => !entry.isReported)
  }

  /** The assets that were seen since they were last taken, new ones among them. */
  takeChanged(): Asset[] {
    return this.take((entry) => entry.isChanged || !entry.isReported)
  }

  /** The report with these assets is safe. */
  markReported(assets: readonly Asset[]): void {
    for (const { address } of assets) {
      const entry = this.entries.get(address)
      if (entry !== undefined) entry.isReported = true
    }
  }

  /** The report with these assets did not get through; they are in the next one again. */
  giveBack(assets: readonly Asset[]): void {
    for (const { address } of assets) {
      const entry = this.entries.get(address)
      if (entry !== undefined) entry.isChanged = true
    }
  }

  /** Forget every asset whose address is no longer to be one, such as after a change of the groups. */
  keepOnly(isAsset: (address: string, mac: string) => boolean): void {
    for (const entry of this.entries.values()) {
      if (!isAsset(entry.address, this.macOfEntry(entry))) this.entries.delete(entry.address)
    }
    this.forgetUnusedMacs()
  }

  /** Forget what was not seen since then. */
  forgetIdle(sinceMs: number): void {
    for (const entry of this.entries.values()) if (entry.lastMs < sinceMs) this.entries.delete(entry.address)
    this.forgetUnusedMacs()
  }

  private enter(address: string, firstMs: number, lastMs: number): Entry | undefined {
    let entry = this.entries.get(address)
    if (entry === undefined) {
      if (this.entries.size >= this.capacity) {
        this.turnedAway += 1
        return undefined
      }
      entry = { address, frameMac: '', arpMac: '', firstMs, lastMs, isReported: false, isChanged: true }
      this.entries.set(address, entry)
    }
    entry.firstMs = Math.min(entry.firstMs, firstMs)
    entry.lastMs = Math.max(entry.lastMs, lastMs)
    entry.isChanged = true
    return entry
  }

  private take(isWanted: (entry: Entry) => boolean): Asset[] {
    const taken: Asset[] = []
    for (const entry of this.entries.values()) {
      if (!isWanted(entry)) continue
      entry.isChanged = false
      taken.push({ address: entry.address, mac: this.macOfEntry(entry), firstMs: entry.firstMs, lastMs: entry.lastMs })
    }
    return taken
  }

  /**
   * ARP is the machine's own word. Without it the frame's sender is believed, unless it is a router's: a MAC that
   * sends for many, or, for IPv4, one that has introduced itself in ARP, but not with this address.
   */
  private macOfEntry(entry: Entry): string {
    if (entry.arpMac !== '') return entry.arpMac
    const addresses = this.addressesOfMac.get(entry.frameMac)
    if (addresses === undefined || addresses.size > MOST_ADDRESSES_OF_ONE_MACHINE) return ''
    const isV4 = !entry.address.includes(':')
    return isV4 && this.arpMacs.has(entry.frameMac) ? '' : entry.frameMac
  }

  private forgetUnusedMacs(): void {
    const used = new Set([...this.entries.values()].flatMap((entry) => [entry.frameMac, entry.arpMac]))
    for (const mac of this.addressesOfMac.keys()) if (!used.has(mac)) this.addressesOfMac.delete(mac)
    for (const mac of this.arpMacs) if (!used.has(mac)) this.arpMacs.delete(mac)
  }
}
