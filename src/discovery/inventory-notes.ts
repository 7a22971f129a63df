import { FINGERPRINTS } from '../asset/fingerprints'
import type { Host, Inventory } from '../asset/inventory'
import { ATTRIBUTES, type Subject } from '../asset/observation'
import { cleanText, hostname } from './clean-text'
import type { Notes } from './voice'

/** Of a frame that has no address. */
const NOBODY: Subject & { readonly ip: string } = { ip: '' }

/** Puts into the inventory what decoders learn: of who is speaking, and of others that are spoken of. */
export class InventoryNotes implements Notes {
  /** Noted since `begin`, and not known before. */
  news = 0
  private source = ''
  private atMs = 0
  private speaker = NOBODY
  private host: Host | undefined

  /** Without `takesFingerprints` nothing is kept of how machines speak. */
  constructor(
    private readonly inventory: Inventory,
    private readonly takesFingerprints: boolean,
  ) {}

  /**
   * What is noted from here on was said then in this protocol, by this one, or by nobody who has an address. `host`: the same
   * one as the inventory has it, if it does.
   */
  begin(source: string, atMs: number, speaker = NOBODY, host?: Host): void {
    this.source = source
    this.atMs = atMs
    this.speaker = speaker
    this.host = host
    this.news = 0
  }

  add(of: Subject, kind: string, value: Buffer | string, confidence = 0): void {
    if (!this.takesFingerprints && FINGERPRINTS.has(kind)) return
    const text = cleanText(value)
    const fit = kind === 'hostname' ? hostname(text) : text
    if (fit === undefined || fit === '') return
    const isAttribute = (ATTRIBUTES as readonly string[]).includes(kind)
    if (isAttribute && !hasLetterOrDigit(fit)) return
    const { source, atMs } = this
    const observation = { kind, value: fit, confidence, source, atMs }
    // Who speaks and is not in the inventory by now is not to be there; of others nobody has met the card.
    const isOfSpeaker = of === this.speaker || (of.ip === this.speaker.ip && of.mac === undefined)
    const isNews = isOfSpeaker ? this.host?.evidence.add(observation) : this.inventory.observe(of, observation)
    if (isNews === true) this.news++
  }

  /** The address of who is speaking may have been another machine's until now: what is said besides is not that one's. */
  bond(ip: string, mac: string): void {
    this.inventory.claim(ip, mac, this.atMs)
    if (this.host !== undefined && ip === this.speaker.ip) this.host = this.inventory.hostAt(this.host.key) ?? this.host
  }

  announce(ip: string, mac: string): void {
    this.inventory.announce(ip, mac, this.atMs)
  }

  relate(mac: string, other: string): void {
    this.inventory.relate(mac, other, this.atMs)
  }

  saidIn(source: string): void {
    this.source = source
  }
}

/** Nearly all have one of ASCII, and V8 takes long to make out which are letters in Unicode. */
function hasLetterOrDigit(text: string): boolean {
  return /[a-z\d]/i.test(text) || /[\p{L}\p{N}]/u.test(text)
}
