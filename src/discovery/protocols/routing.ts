import { speaker, type Voice } from '../voice'

// Routing protocols over UDP and TCP: who speaks them is a router. Those over IP itself the ear knows by their number.

const RIP_RESPONSE = 2

/** Hot Standby Router Protocol (RFC 2281); its answers are never a host's. */
export const HSRP: Voice = {
  source: 'hsrp',
  udp: [1985],
  hear(heard, notes) {
    if (heard.bytes.length >= 20) notes.add(speaker(heard), 'role', 'hsrp router')
  },
}

/** RIP (RFC 2453): hosts may ask, and routers tell. */
export const RIP: Voice = {
  source: 'rip',
  udp: [520],
  hear(heard, notes) {
    if (heard.source.port === 520 && heard.bytes[0] === RIP_RESPONSE) notes.add(speaker(heard), 'role', 'rip router')
  },
}

/** BGP (RFC 4271 section 4.1): sixteen bytes of ones, length (2), type (1). */
export const BGP: Voice = {
  source: 'bgp',
  tcp: [179],
  hear(heard, notes) {
    if (heard.bytes.length >= 19 && heard.bytes.subarray(0, 16).every((byte) => byte === 0xff)) {
      notes.add(speaker(heard), 'role', 'bgp router')
    }
  },
}
