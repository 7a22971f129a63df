import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'

// Instruments that say which one they are

const CONFIGURATION = 0xaa31
const CONFIGURATION_1 = 0xaa21

/**
 * Synchrophasors (IEEE C37.118.2): sync (2), size (2), identifier (2), time (8), then in a configuration the time base (4), the
 * number of units (2), and the name of the first (16).
 */
export const SYNCHROPHASOR: Voice = {
  source: 'synchrophasor',
  tcp: [4712, 4713],
  udp: [4712, 4713],
  hear(heard, notes) {
    const cursor = new Cursor(heard.bytes)
    const sync = cursor.u16() & 0xfff0
    if (sync !== (CONFIGURATION & 0xfff0) && sync !== (CONFIGURATION_1 & 0xfff0)) return
    const identifier = cursor.skip(2).u16()
    const name = cursor.skip(14).take(16)
    if (cursor.failed) return
    notes.add(speaker(heard), 'hostname', name, 70)
    notes.add(speaker(heard), 'pmu-identifier', String(identifier), 80)
    notes.add(speaker(heard), 'role', 'synchrophasor')
  },
}

/** Of a frame in the message: its delimiter and address come before it. */
const HART_COMMAND_AT = 14
const HART_RESPONSE = 1
const HART_TOKEN_PASSING = 3
const HART_ACK_LONG = 0x86
const READ_IDENTITY = 0
const READ_LONG_TAG = 20

/**
 * HART-IP (FieldComm HCF_SPEC-085): version (1), kind (1), identifier (1), status (1), sequence (2), length (2), then the frame
 * that goes over the wire of the loop: delimiter (1), address (5), command (1), length (1), two bytes of status, data.
 */
export const HART_IP: Voice = {
  source: 'hart-ip',
  // A session is answered from a port of its own, mostly the next one.
  udp: [5094, 5095],
  tcp: [5094, 5095],
  isTalkative: true,
  mayTell(bytes, at) {
    if (bytes[at + 1] !== HART_RESPONSE || bytes[at + 2] !== HART_TOKEN_PASSING) return false
    return bytes[at + HART_COMMAND_AT] === READ_IDENTITY || bytes[at + HART_COMMAND_AT] === READ_LONG_TAG
  },
  hear(heard, notes) {
    const cursor = new Cursor(heard.bytes)
    const isAnswer = cursor.skip(1).u8() === HART_RESPONSE && cursor.u8() === HART_TOKEN_PASSING
    if (!isAnswer || cursor.skip(5).u8() !== HART_ACK_LONG) return
    const command = cursor.skip(5).u8()
    const data = cursor.take(cursor.u8()).subarray(2)
    if (cursor.failed) return
    if (command === READ_IDENTITY && data.length >= 12 && data[0] === 0xfe) {
      notes.add(speaker(heard), 'hart-device-type', `0x${data.toString('hex', 1, 3)}`, 85)
      notes.add(speaker(heard), 'serial', `0x${data.toString('hex', 9, 12)}`, 80)
      notes.add(speaker(heard), 'role', 'hart device')
    } else if (command === READ_LONG_TAG && data.length >= 32)
      notes.add(speaker(heard), 'tag', data.subarray(0, 32), 80)
  },
}
