import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FileSource } from '../../src/capture/file-source'
import { PcapFile } from '../../src/capture/pcap-file'
import { PcapngFile } from '../../src/capture/pcapng-file'
import type { CaptureFormat } from '../../src/capture/capture-format'
import { FlowMeter } from '../../src/flow/flow-meter'
import { FourTuples } from '../../src/flow/four-tuples'
import { buildTraffic } from '../../src/host/simulated/traffic/build-traffic'
import { Random } from '../../src/host/simulated/traffic/random'
import { CAPTURES_FOLDER, captureTest } from '../captures/captures-folder'

/** `NPS_FUZZ_SEED` repeats a run, `NPS_FUZZ_FRAMES` makes it longer: an hour is about 400 million. */
const SEED = Number(process.env['NPS_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const FRAMES = Number(process.env['NPS_FUZZ_FRAMES'] ?? 1_000_000)

/** Frames that the changed ones are made of. */
const MOST_ORIGINALS = 50_000
const FRAMES_A_FILE = 200
const LARGEST_FRAME = 2048
/** The frame is here in the buffer, as frames from a ring are somewhere in a block. */
const FRAME_AT = 64
const CANARY = 0xa5

interface Original {
  frame: Buffer
  linkType: number
}

function madeFrames(): Original[] {
  const frames: Original[] = []
  for (const { bytes } of buildTraffic({ seed: 1, minutes: 1 }).frames) {
    frames.push({ frame: Buffer.from(bytes), linkType: 1 })
    if (frames.length === 2000) break
  }
  return frames
}

async function capturedFrames(): Promise<Original[]> {
  const frames: Original[] = []
  for (const name of readdirSync(CAPTURES_FOLDER).filter((file) => /\.(pcap|pcapng|cap|dmp)$/.test(file))) {
    let ofThis = 0
    const source = new FileSource(join(CAPTURES_FOLDER, name))
    await source
      .run((bytes, start, end, _wireBytes, _atMicros, linkType) => {
        const isWanted = ofThis++ < FRAMES_A_FILE && end - start <= LARGEST_FRAME && frames.length < MOST_ORIGINALS
        if (isWanted) frames.push({ frame: Buffer.from(bytes.subarray(start, end)), linkType })
      })
      // A few are damaged on purpose.
      .catch(() => undefined)
  }
  return frames
}

/** Change a frame of `length` bytes in place: single bits and bytes, numbers at their limits, a part moved. */
function change(random: Random, bytes: Buffer, length: number): void {
  for (let changes = random.below(6); changes > 0 && length > 0; changes--) {
    const at = FRAME_AT + random.below(length)
    switch (random.below(5)) {
      case 0:
        bytes[at]! ^= 1 << random.below(8)
        break
      case 1:
        bytes[at] = random.below(256)
        break
      case 2:
        bytes[at] = random.pick([0, 1, 0x7f, 0x80, 0xff])
        break
      case 3:
        bytes.fill(random.pick([0, 0xff]), at, Math.min(at + 1 + random.below(4), FRAME_AT + length))
        break
      case 4: {
        const from = FRAME_AT + random.below(length)
        bytes.copyWithin(at, from, Math.min(from + random.below(40), FRAME_AT + length - (at - FRAME_AT)))
      }
    }
  }
}

/** Give the meter changed frames; every packet must be counted, in one place, and nothing thrown or overwritten. */
function fuzz(originals: readonly Original[], frames: number): void {
  const random = new Random(SEED)
  const meter = new FlowMeter({ capacity: 1 << 14, addressCapacity: 1 << 14 })
  const tuples = new FourTuples(meter.addresses, 1 << 14)
  meter.onEvicted = (flow) => tuples.add(flow)
  meter.onPayload = (packet, payloadAt) => {
    if (payloadAt >= packet.end || payloadAt < packet.start) throw new Error('payload outside of the frame')
  }
  const bytes = Buffer.alloc(FRAME_AT + LARGEST_FRAME + 64)
  for (let count = 1; count <= frames; count++) {
    const { frame, linkType } = random.pick(originals)
    bytes.fill(CANARY)
    frame.copy(bytes, FRAME_AT)
    const length = random.below(4) === 0 ? random.below(frame.length + 1) : frame.length
    change(random, bytes, length)
    bytes.fill(CANARY, FRAME_AT + length)
    const wireBytes = random.below(10) === 0 ? random.below(70_000) : frame.length
    const type = random.below(50) === 0 ? random.below(300) : linkType
    const before = bytes.toString('latin1')
    try {
      meter.packet(bytes, FRAME_AT, FRAME_AT + length, wireBytes, 1e15 + count * 1000, type)
      if (bytes.toString('latin1') !== before) throw new Error('the bytes of the frame were changed')
    } catch (error) {
      const hex = Buffer.from(before, 'latin1').toString('hex', FRAME_AT, FRAME_AT + length)
      throw new Error(`seed ${SEED}, frame ${count}, link type ${type}, on the wire ${wireBytes}: ${hex}`, {
        cause: error,
      })
    }
  }
  meter.take((flow) => tuples.add(flow))
  const { packets, flowPackets, notIp, otherIp, damaged, orphanFragments } = meter.counters
  expect(flowPackets + notIp + otherIp + damaged + orphanFragments).toBe(packets)
  let sum = 0
  for (const row of tuples) sum += row.c2sPackets + row.s2cPackets
  expect({ seed: SEED, sum }).toEqual({ seed: SEED, sum: flowPackets })
}

test(`changed frames of made traffic (NPS_FUZZ_SEED=${SEED})`, () => fuzz(madeFrames(), FRAMES / 5), 3_600_000 * 2)

captureTest(
  `changed frames of real captures (NPS_FUZZ_SEED=${SEED})`,
  async () => fuzz(await capturedFrames(), (FRAMES * 4) / 5),
  3_600_000 * 2,
)

captureTest(`changed capture files (NPS_FUZZ_SEED=${SEED})`, () => {
  const random = new Random(SEED)
  const names = readdirSync(CAPTURES_FOLDER).filter((file) => /\.(pcap|pcapng|cap|dmp)$/.test(file))
  const files = names.map((name) => readFileSync(join(CAPTURES_FOLDER, name))).filter((file) => file.length < 20_000)
  for (let count = 0; count < FRAMES / 200; count++) {
    const file = Buffer.from(random.pick(files))
    for (let changes = 1 + random.below(8); changes > 0; changes--) {
      // Most of what can go wrong is said in the first bytes.
      file[random.below(random.below(2) === 0 ? Math.min(200, file.length) : file.length)] = random.below(256)
    }
    const end = random.below(3) === 0 ? random.below(file.length) : file.length
    let format: CaptureFormat | undefined
    if (end >= 4 && PcapFile.begins(file)) format = new PcapFile()
    else if (end >= 4 && PcapngFile.begins(file)) format = new PcapngFile()
    format?.read(file, 0, end, (_bytes, start, frameEnd, wireBytes, atMicros) => {
      const isSane = start >= 0 && start <= frameEnd && frameEnd <= end && wireBytes >= 0 && Number.isFinite(atMicros)
      if (!isSane) throw new Error(`seed ${SEED}, file ${count}: a packet from ${start} to ${frameEnd} of ${end}`)
    })
  }
})
