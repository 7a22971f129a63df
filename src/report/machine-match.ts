import { typedMac } from '../asset/mac'

/** How well a machine fits what somebody looks for, the best first. */
export const MATCH = { address: 0, name: 1, beginning: 2, part: 3 } as const

export type Match = (typeof MATCH)[keyof typeof MATCH]

/** What a machine is looked for by, in lower case. */
export interface Findable {
  addresses: readonly string[]
  macs: readonly string[]
  hostnames: readonly string[]
}

/** What somebody typed, in whichever case, and MACs however people write them. Everything has the empty text in it. */
export class WantedText {
  private readonly text: string
  private readonly mac: string

  constructor(typed: string) {
    this.text = typed.trim().toLowerCase()
    this.mac = typedMac(this.text) ?? this.text.replaceAll('-', ':')
  }

  /**
   * Names come from strangers: one that calls itself by another's address or MAC comes behind that one. Undefined where
   * nothing fits.
   */
  matchOf(findable: () => Findable): Match | undefined {
    const { text, mac } = this
    if (text === '') return MATCH.part
    const { addresses, macs, hostnames } = findable()
    if (addresses.includes(text) || macs.includes(mac)) return MATCH.address
    if (hostnames.includes(text)) return MATCH.name
    const anyone = (fits: (each: string, wanted: string) => boolean): boolean =>
      addresses.some((each) => fits(each, text)) ||
      macs.some((each) => fits(each, mac)) ||
      hostnames.some((each) => fits(each, text))
    if (anyone((each, wanted) => each.startsWith(wanted))) return MATCH.beginning
    return anyone((each, wanted) => each.includes(wanted)) ? MATCH.part : undefined
  }
}
