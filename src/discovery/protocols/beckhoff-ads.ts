import { u16 } from '../../wire/big-endian'
import { Cursor } from '../cursor'
import { speaker, type Heard, type Notes, type Voice } from '../voice'

// Beckhoff's Automation Device Specification, the least byte first. TCP 48898: reserved (2), length (4), then target and
// source (net id 6, port 2 each), command (2), flags (2), length (4), error (4), invocation (4). UDP 48899: a magic number (4),
// invocation (4), service (4), net id and port of the sender, a count (4), and so many values: tag (2), length (2), bytes.

const TCP_PORT = 48898
const UDP_PORT = 48899
const COMMAND_AT = 22
const FLAGS_AT = 24
const READ_DEVICE_INFO = 1
const IS_RESPONSE = 0x0001
/** All that follows the length: result (4), version (4) and name (16) behind the head. */
const DEVICE_INFO_LENGTH = 32 + 24
const MAGIC = Buffer.from([0x03, 0x66, 0x14, 0x71])
/** An answer to a search; the highest bit marks an answer. */
const SEARCH_ANSWER = 0x80000001
const TAG = { twinCat: 3, system: 4, name: 5 }
/** The size of itself, major, minor, build and platform, as in Windows' OSVERSIONINFO; a service pack's name follows. */
const SYSTEM_LENGTH = 20

export interface AdsDevice {
  netId: string
  version: string
  name: Buffer
}

/** An answer to ReadDeviceInfo. One that says an error is shorter or empty, and another message may come behind it. */
export function parseAdsDevice(bytes: Buffer): AdsDevice | undefined {
  if (!isDeviceInfo(bytes, 0)) return undefined
  const cursor = new Cursor(bytes, 2)
  if (cursor.le32() < DEVICE_INFO_LENGTH) return undefined
  const netId = [...cursor.skip(8).take(6)].join('.')
  // Behind the port, command, flags and length; then the invocation.
  const error = cursor.skip(2 + 2 + 2 + 4).le32()
  const result = cursor.skip(4).le32()
  if (error !== 0 || result !== 0) return undefined
  const version = versionOf(cursor)
  const name = upToNul(cursor.take(16))
  return cursor.failed ? undefined : { netId, version, name }
}

/** Values are read all day between such answers. */
function isDeviceInfo(bytes: Buffer, at: number): boolean {
  const isIt = bytes[at + COMMAND_AT] === READ_DEVICE_INFO && bytes[at + COMMAND_AT + 1] === 0
  return isIt && u16(bytes, at) === 0 && (bytes[at + FLAGS_AT]! & IS_RESPONSE) !== 0
}

export interface AdsSearchAnswer {
  netId: string
  name: Buffer
  /** `2 10.0.19045`: platform (2 is Windows NT, 3 is Windows CE), major, minor, build. Empty where it is not said. */
  system: string
  /** Of TwinCAT. Empty where it is not said. */
  version: string
}

/** What a device says of itself when it is searched for. Undefined for all but a whole answer. */
export function parseAdsSearchAnswer(bytes: Buffer): AdsSearchAnswer | undefined {
  const cursor = new Cursor(bytes)
  if (!cursor.take(4).equals(MAGIC) || cursor.skip(4).le32() !== SEARCH_ANSWER) return undefined
  const found: AdsSearchAnswer = {
    netId: [...cursor.take(6)].join('.'),
    name: Buffer.alloc(0),
    system: '',
    version: '',
  }
  cursor.skip(2)
  for (let left = Math.min(cursor.le32(), 16); left > 0 && !cursor.failed; left--) {
    const tag = cursor.le16()
    const value = new Cursor(cursor.take(cursor.le16()))
    if (tag === TAG.name) found.name = upToNul(value.bytes)
    else if (tag === TAG.twinCat && value.left >= 4) found.version = versionOf(value)
    else if (tag === TAG.system && value.left >= SYSTEM_LENGTH) {
      const [, major, minor, build, platform] = Array.from({ length: SYSTEM_LENGTH / 4 }, () => value.le32())
      found.system = `${platform} ${major}.${minor}.${build}`
    }
  }
  return cursor.failed ? undefined : found
}

function versionOf(cursor: Cursor): string {
  return `${cursor.u8()}.${cursor.u8()}.${cursor.le16()}`
}

function upToNul(text: Buffer): Buffer {
  const end = text.indexOf(0)
  return end === -1 ? text : text.subarray(0, end)
}

export const BECKHOFF_ADS: Voice = {
  source: 'ads',
  tcp: [TCP_PORT],
  udp: [UDP_PORT],
  isTalkative: true,
  mayTell: (bytes, at) => isDeviceInfo(bytes, at) || bytes[at] === MAGIC[0],
  hear(heard, notes) {
    if (heard.isTcp) learnDevice(heard, notes)
    else if (heard.source.port === UDP_PORT) learnSearchAnswer(heard, notes)
  },
}

function learnDevice(heard: Heard, notes: Notes): void {
  const device = parseAdsDevice(heard.bytes)
  if (device === undefined) return
  const sender = speaker(heard)
  notes.add(sender, 'role', 'ads server')
  notes.add(sender, 'maker', 'Beckhoff', 85)
  notes.add(sender, 'ads-device', device.name, 80)
  notes.add(sender, 'firmware', device.version, 75)
  notes.add(sender, 'ads-net-id', device.netId, 85)
}

/** Whoever has TwinCAT answers, also the computer it is programmed on. */
function learnSearchAnswer(heard: Heard, notes: Notes): void {
  const found = parseAdsSearchAnswer(heard.bytes)
  if (found === undefined) return
  const sender = speaker(heard)
  notes.add(sender, 'hostname', found.name, 74)
  notes.add(sender, 'ads-net-id', found.netId, 85)
  if (found.system !== '') notes.add(sender, 'ads-system', found.system)
  if (found.version !== '') notes.add(sender, 'firmware', found.version, 75)
}
