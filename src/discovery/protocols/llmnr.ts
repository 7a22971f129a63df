import { ipv4Text, ipv6Text } from '../../wire/address-text'
import type { Voice } from '../voice'
import { parseDnsMessage, TYPE_A, TYPE_AAAA } from './dns-message'

/** Link-local multicast name resolution (RFC 4795): who has a name answers with it. Who asks does not have it. */
export const LLMNR: Voice = {
  source: 'llmnr',
  udp: [5355],
  isTalkative: true,
  tellsOfOthers: true,
  hear({ bytes, source }, notes) {
    const message = parseDnsMessage(bytes)
    if (message === undefined || !message.isResponse || source.port !== 5355) return
    for (const { name, type, data } of message.answers) {
      if (type === TYPE_A && data.length === 4) notes.add({ ip: ipv4Text(data, 0) }, 'hostname', name, 82)
      else if (type === TYPE_AAAA && data.length === 16) notes.add({ ip: ipv6Text(data, 0) }, 'hostname', name, 82)
    }
  },
}
