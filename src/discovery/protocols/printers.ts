import { speaker, type Voice } from '../voice'

// Printers name themselves by their IEEE 1284 device identifier: `MFG:Canon;CMD:...;MDL:MX880 series;`, or answer in HP's
// Printer Job Language (its Technical Reference Manual, chapter 7): `@PJL INFO ID`, a line with the model, a form feed

const BJNP_PORTS = [8611, 8612]
const RAW_PORT = 9100
/** The highest bit of Canon's second byte marks an answer. */
const BJNP_RESPONSE = 0x80

const PJL_ANSWER = '@PJL '
/** Some put their firmware behind a colon. */
const PJL_ID = /@PJL INFO ID\r?\n"?([^"\r\n:]{1,64})[^\r\n]*\r?\n/

interface PrinterIdentity {
  /** Empty where only the model is said. */
  maker: string
  model: string
}

function findPrinterIdentity(bytes: Buffer): PrinterIdentity | undefined {
  const text = bytes.toString('latin1', 0, 4096)
  const maker = /(?:MFG|MANUFACTURER):([^;\0]{1,64});/i.exec(text)?.[1]
  const model = /(?:MDL|MODEL):([^;\0]{1,64});/i.exec(text)?.[1]
  if (maker !== undefined && model !== undefined) return { maker, model }
  const pjl = PJL_ID.exec(text)?.[1]
  return pjl === undefined ? undefined : { maker: '', model: pjl }
}

/** Canon's BJNP (as SANE and CUPS drivers have found out), and what a raw printing port answers. */
export const PRINTERS: Voice = {
  source: 'printer',
  udp: BJNP_PORTS,
  tcp: [RAW_PORT],
  hear(heard, notes) {
    const { bytes, source } = heard
    const isBjnp = bytes.toString('latin1', 0, 4) === 'BJNP' && (bytes[4]! & BJNP_RESPONSE) !== 0
    if (!isBjnp && source.port !== RAW_PORT) return
    const found = findPrinterIdentity(bytes)
    const isPjl = bytes.toString('latin1', 0, PJL_ANSWER.length) === PJL_ANSWER
    if (isBjnp || isPjl || found !== undefined) notes.add(speaker(heard), 'role', 'printer')
    if (found === undefined) return
    if (found.maker !== '') notes.add(speaker(heard), 'maker', found.maker, 86)
    notes.add(speaker(heard), 'model', found.model, 86)
  },
}
