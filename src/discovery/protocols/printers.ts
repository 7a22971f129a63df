import { ipv4Text, macText } from '../../wire/address-text'
import { speaker, type Voice } from '../voice'

// Printers name themselves by their IEEE 1284 device identifier: `MFG:Canon;CMD:...;MDL:MX880 series;`, or answer in HP's
// Printer Job Language (its Technical Reference Manual, chapter 7): `@PJL INFO ID`, a line with the model, a form feed

const BJNP_PORTS = [8611, 8612]
const RAW_PORT = 9100
/** The highest bit of Canon's second byte marks an answer. */
const BJNP_RESPONSE = 0x80
/** To a search: the printer's own MAC and IPv4 address, behind the head of an ARP message for them (RFC 826). */
const BJNP_DISCOVER = 0x01
const BJNP_HEAD_BYTES = 16
const ARP_HEAD = Buffer.from('000108000604', 'hex')

const PJL_ANSWER = '@PJL '
/** Some put their firmware behind a colon. */
const PJL_ID = /@PJL INFO ID\r?\n"?([^"\r\n:]{1,64})[^\r\n]*\r?\n/

interface PrinterIdentity {
  /** Empty where only the model is said. */
  maker: string
  model: string
}

function findPrinterIdentity(text: string): PrinterIdentity | undefined {
  const maker = field(text, 'MFG|MANUFACTURER')
  const model = field(text, 'MDL|MODEL')
  if (maker !== '' && model !== '') return { maker, model }
  const pjl = PJL_ID.exec(text)?.[1]
  return pjl === undefined ? undefined : { maker: '', model: pjl }
}

/** Of a device identifier; empty where it is missing or cut off. */
function field(text: string, names: string): string {
  return new RegExp(`(?:${names}):([^;\\0]{1,64});`, 'i').exec(text)?.[1] ?? ''
}

/** The MAC in an answer to a search; empty when it is not for the one that answers. */
function findBjnpMac(bytes: Buffer, ip: string): string {
  const said = bytes.subarray(BJNP_HEAD_BYTES)
  if (bytes[5] !== BJNP_DISCOVER || said.length < 16 || !said.subarray(0, 6).equals(ARP_HEAD)) return ''
  return ipv4Text(said, 12) === ip ? macText(said, 6) : ''
}

/** Canon's BJNP (as SANE and CUPS drivers have found out), and what a raw printing port answers. */
export const PRINTERS: Voice = {
  source: 'printer',
  udp: BJNP_PORTS,
  tcp: [RAW_PORT],
  hear(heard, notes) {
    const { bytes, source } = heard
    const text = bytes.toString('latin1', 0, 4096)
    const isBjnp = text.startsWith('BJNP') && (bytes[4]! & BJNP_RESPONSE) !== 0
    if (!isBjnp && source.port !== RAW_PORT) return
    const mac = isBjnp ? findBjnpMac(bytes, source.ip) : ''
    if (mac !== '') notes.bond(source.ip, mac)
    const found = findPrinterIdentity(text)
    if (isBjnp || text.startsWith(PJL_ANSWER) || found !== undefined) notes.add(speaker(heard), 'role', 'printer')
    if (found === undefined) return
    if (found.maker !== '') notes.add(speaker(heard), 'maker', found.maker, 86)
    notes.add(speaker(heard), 'model', found.model, 86)
    const firmware = isBjnp ? field(text, ';VER') : ''
    if (firmware !== '') notes.add(speaker(heard), 'firmware', firmware, 84)
  },
}
