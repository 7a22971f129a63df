import { resolve } from 'node:path'
import { Inventory, type InventoryOptions } from '../../src/asset/inventory'
import { FileSource } from '../../src/capture/file-source'
import { Ear } from '../../src/discovery/ear'
import { FlowMeter } from '../../src/flow/flow-meter'
import type { PacketHandler } from '../../src/wire/packet-handler'
import { macTextOfNumber } from '../../src/wire/address-text'
import { CAPTURES_FOLDER } from '../captures/where'

/** A frame, as a capture has it. */
export interface Frame {
  bytes: Buffer
  wireBytes: number
  linkType: number
  atMicros: number
}

/** An ear with an inventory of its own, that frames can be given to. */
export class Listening {
  readonly inventory: Inventory
  readonly take: PacketHandler

  constructor(options: Pick<InventoryOptions, 'admits'> = {}) {
    this.inventory = new Inventory({ capacity: 1000, ...options })
    const meter = new FlowMeter({ capacity: 4096, seed: 1 })
    meter.listener = new Ear(this.inventory)
    this.take = meter.packet
  }

  /** What is known, a line each: `192.168.1.8 nbns hostname CX_0D7560`. */
  get lines(): string[] {
    const { inventory } = this
    const hosts = [...inventory.hosts()].map(({ ip, evidence }) => ({ who: ip, evidence }))
    const cards = [...inventory.cards()].map(({ mac, evidence }) => ({ who: macTextOfNumber(mac), evidence }))
    return [...hosts, ...cards].flatMap(({ who, evidence }) =>
      evidence.all.map(({ source, kind, value }) => `${who} ${source} ${kind} ${value}`),
    )
  }
}

/** All frames of a capture, by its name or its path. */
export async function framesOf(file: string): Promise<Frame[]> {
  const frames: Frame[] = []
  await new FileSource(resolve(CAPTURES_FOLDER, file)).run((bytes, start, end, wireBytes, atMicros, linkType) => {
    frames.push({ bytes: Buffer.from(bytes.subarray(start, end)), wireBytes, linkType, atMicros })
  })
  return frames
}

/** What is known after these frames; of the outside too where everybody is admitted. */
export function linesOf(frames: readonly Frame[], options: ConstructorParameters<typeof Listening>[0] = {}): string[] {
  const listening = new Listening(options)
  for (const frame of frames) give(listening, frame)
  return listening.lines
}

export function give(listening: Listening, { bytes, wireBytes, linkType, atMicros }: Frame): void {
  listening.take(bytes, 0, bytes.length, wireBytes, atMicros, linkType)
}
