import { speaker, type Voice } from '../voice'

// Telecontrol: substations and their masters. Neither protocol says who made the device; they tell what it is.

const DNP3_PORT = 20000
const DNP3_START = 0x0564
const FROM_MASTER = 0x80

/** DNP3 (IEEE 1815 clause 9): start (2), length (1), control (1), destination (2) and source (2) with the least byte first. */
export const DNP3: Voice = {
  source: 'dnp3',
  tcp: [DNP3_PORT],
  udp: [DNP3_PORT],
  hear(heard, notes) {
    const { bytes } = heard
    if (bytes.length < 10 || bytes.readUInt16BE(0) !== DNP3_START) return
    const isMaster = (bytes[3]! & FROM_MASTER) !== 0
    notes.add(speaker(heard), 'dnp3-address', String(bytes.readUInt16LE(6)), 85)
    notes.add(speaker(heard), 'role', isMaster ? 'dnp3 master' : 'dnp3 outstation')
  },
}

const IEC104_PORT = 2404
const IEC104_START = 0x68

/** IEC 60870-5-104: start (1), length (1), control (4). */
export const IEC104: Voice = {
  source: 'iec104',
  tcp: [IEC104_PORT],
  hear(heard, notes) {
    const { bytes } = heard
    if (bytes.length < 6 || bytes[0] !== IEC104_START || bytes[1]! < 4) return
    const isStation = heard.source.port === IEC104_PORT
    notes.add(speaker(heard), 'role', isStation ? 'iec104 station' : 'iec104 master')
  },
}
