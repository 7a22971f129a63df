import { speaker, type Heard, type Notes, type Voice } from '../voice'
import { isControlAnswer, parseNtpVariables } from './ntp-control'
import { hasNtpStratum, isNtpMessage, NTP_MODE, ntpMode, parseNtpClock } from './ntp-message'
import { ntpRequestSignature } from './ntp-request'

const NTP_PORT = 123

/** By mode. Who sends as a peer need not serve anybody: clients of Windows may do so. */
const ROLES: Record<number, string> = {
  [NTP_MODE.symmetricActive]: 'ntp peer',
  [NTP_MODE.symmetricPassive]: 'ntp peer',
  [NTP_MODE.server]: 'ntp server',
  [NTP_MODE.broadcast]: 'ntp broadcast server',
}

/** Variables that servers tell on request: kind and confidence. */
const VARIABLES: Record<string, [kind: string, confidence: number]> = {
  system: ['ntp-system', 0],
  version: ['ntp-version', 84],
  processor: ['processor', 80],
  hostname: ['hostname', 80],
}

/** Who gives others the time, and where it has it from; of who only asks for it, in which manner. */
export const NTP: Voice = {
  source: 'ntp',
  udp: [NTP_PORT],
  mayTell(bytes, at) {
    const mode = ntpMode(bytes, at)
    if (mode === NTP_MODE.control) return isControlAnswer(bytes, at)
    return hasNtpStratum(bytes, at) ? ROLES[mode] !== undefined : isRequest(mode)
  },
  hear(heard, notes) {
    const { bytes, source, destination } = heard
    const mode = ntpMode(bytes)
    if (mode === NTP_MODE.control) {
      if (source.port === NTP_PORT) learnVariables(heard, notes)
    } else if (hasNtpStratum(bytes)) {
      if (source.port === NTP_PORT) learnClock(heard, mode, notes)
    } else if (isRequest(mode) && bytes[1] === 0 && destination.port === NTP_PORT && isNtpMessage(bytes)) {
      notes.add(speaker(heard), 'ntp-request', ntpRequestSignature(bytes))
    }
  },
}

/** Servers of Windows ask as peers (MS-SNTP section 3.1.5.1). */
function isRequest(mode: number): boolean {
  return mode === NTP_MODE.client || mode === NTP_MODE.symmetricActive
}

function learnClock(heard: Heard, mode: number, notes: Notes): void {
  const role = ROLES[mode]
  const clock = parseNtpClock(heard.bytes)
  if (role === undefined || clock === undefined) return
  notes.add(speaker(heard), 'role', role)
  notes.add(speaker(heard), 'ntp-stratum', String(clock.stratum), 85)
  if (clock.reference !== '') notes.add(speaker(heard), 'ntp-reference', clock.reference)
}

function learnVariables(heard: Heard, notes: Notes): void {
  for (const [name, value] of parseNtpVariables(heard.bytes)) {
    const known = VARIABLES[name]
    if (known !== undefined) notes.add(speaker(heard), known[0], value, known[1])
  }
}
