import type { Voice } from './voice'

/** A voice, and the number it goes by in one process, from 1 on. All are of one shape, which is what V8 is quick with. */
export class NumberedVoice {
  readonly source: Voice['source']
  readonly mayTell: Voice['mayTell']
  readonly isTalkative: boolean
  readonly tellsOfOthers: boolean
  readonly hear: Voice['hear']

  constructor(
    readonly number: number,
    { source, mayTell, isTalkative, tellsOfOthers, hear }: Voice,
  ) {
    this.source = source
    this.mayTell = mayTell
    this.isTalkative = isTalkative === true
    this.tellsOfOthers = tellsOfOthers === true
    this.hear = hear
  }
}

const NONE: readonly NumberedVoice[] = []

/** Which voice a packet is of, by its ports: two array reads for those that tell nothing. */
export class VoiceTable {
  private readonly voices: (NumberedVoice | undefined)[] = [undefined]
  private readonly byUdpPort = new Uint8Array(65_536)
  private readonly byTcpPort = new Uint8Array(65_536)
  // A bit for each port: small enough to stay in the processor's nearest cache.
  private readonly talkativeTcp = new Uint8Array(65_536 / 8)
  private readonly talkativeUdp = new Uint8Array(65_536 / 8)
  private readonly byFirstByte: (readonly NumberedVoice[])[] = Array<readonly NumberedVoice[]>(256).fill(NONE)

  constructor(voices: readonly Voice[]) {
    for (const each of voices) {
      const number = this.voices.length
      const voice = new NumberedVoice(number, each)
      this.voices.push(voice)
      for (const port of each.udp ?? []) {
        this.byUdpPort[port] = number
        if (voice.isTalkative) setBit(this.talkativeUdp, port)
      }
      for (const port of each.tcp ?? []) {
        this.byTcpPort[port] = number
        if (voice.isTalkative && voice.mayTell !== undefined) setBit(this.talkativeTcp, port)
      }
      for (const byte of Buffer.from(each.firstBytes ?? '', 'latin1')) {
        this.byFirstByte[byte] = [...this.byFirstByte[byte]!, voice]
      }
    }
  }

  get size(): number {
    return this.voices.length
  }

  udp(sourcePort: number, destinationPort: number): NumberedVoice | undefined {
    return this.voices[this.byUdpPort[sourcePort]! || this.byUdpPort[destinationPort]!]
  }

  tcp(sourcePort: number, destinationPort: number): NumberedVoice | undefined {
    return this.voices[this.byTcpPort[sourcePort]! || this.byTcpPort[destinationPort]!]
  }

  /** Is there something to hear beyond the first packets of a stream between these ports? */
  isTalkativeTcp(sourcePort: number, destinationPort: number): boolean {
    return hasBit(this.talkativeTcp, sourcePort, destinationPort)
  }

  /** Or of a flow? */
  isTalkativeUdp(sourcePort: number, destinationPort: number): boolean {
    return hasBit(this.talkativeUdp, sourcePort, destinationPort)
  }

  /** By what a stream begins with, on whatever port. */
  beginningAt(bytes: Buffer, at: number): NumberedVoice | undefined {
    for (const voice of this.byFirstByte[bytes[at]!]!) if (voice.mayTell!(bytes, at)) return voice
    return undefined
  }
}

function setBit(bits: Uint8Array, at: number): void {
  bits[at >> 3]! |= 1 << (at & 7)
}

/** At one of two places. */
function hasBit(bits: Uint8Array, at: number, orAt: number): boolean {
  return (((bits[at >> 3]! >> (at & 7)) | (bits[orAt >> 3]! >> (orAt & 7))) & 1) !== 0
}
