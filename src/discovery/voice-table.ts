import type { Voice } from './voice'

const FROM_ANY_PORT: readonly Voice[] = []

/** Which voice a packet is of, by its ports: two array reads for those that tell nothing. */
export class VoiceTable {
  private readonly voices: (Voice | undefined)[] = [undefined]
  private readonly byUdpPort = new Uint8Array(65_536)
  private readonly byTcpPort = new Uint8Array(65_536)
  private byBeginning = FROM_ANY_PORT

  constructor(voices: readonly Voice[]) {
    for (const voice of voices) {
      const number = this.voices.push(voice) - 1
      for (const port of voice.udp ?? []) this.byUdpPort[port] = number
      for (const port of voice.tcp ?? []) this.byTcpPort[port] = number
    }
    this.byBeginning = voices.filter(({ begins }) => begins !== undefined)
  }

  udp(sourcePort: number, destinationPort: number): Voice | undefined {
    return this.voices[this.byUdpPort[sourcePort]! || this.byUdpPort[destinationPort]!]
  }

  tcp(sourcePort: number, destinationPort: number): Voice | undefined {
    return this.voices[this.byTcpPort[sourcePort]! || this.byTcpPort[destinationPort]!]
  }

  /** By the first bytes of a stream, on whatever port. */
  beginningWith(bytes: Buffer): Voice | undefined {
    return this.byBeginning.find(({ begins }) => begins!(bytes))
  }
}
