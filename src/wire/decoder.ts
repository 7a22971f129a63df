import { ARCNET, ARCNET_LINUX } from './arcnet'
import { ARP } from './arp'
import { decodeCommonFrame } from './common-frame'
import { ETHERNET } from './ethernet'
import { FRAME_RELAY } from './frame-relay'
import { GENEVE } from './geneve'
import { GRE } from './gre'
import { IP_OVER_INFINIBAND } from './infiniband'
import { RAW_IP } from './ip'
import { IPCOMP } from './ipcomp'
import { IPV4 } from './ipv4'
import { IPV6 } from './ipv6'
import { AUTHENTICATION, IPV6_EXTENSION, IPV6_FRAGMENT } from './ipv6-extensions'
import { LINK_TYPES, register, type Protocol } from './layer-table'
import { LINUX_COOKED, LINUX_COOKED_2 } from './linux-cooked'
import { MACSEC } from './macsec'
import { IPNET } from './ipnet'
import { ETHER_IP } from './etherip'
import { LLC } from './llc'
import { LOOPBACK } from './loopback'
import { MPLS } from './mpls'
import { NFLOG } from './nflog'
import { OUTCOME, type Layer, type Packet } from './packet'
import { PKTAP } from './pktap'
import { CISCO_HDLC, PPP, PPPOE, PPP_BRIDGED, PPP_IN_HDLC, PPP_WITH_DIRECTION } from './ppp'
import { TCP } from './tcp'
import { UDP } from './udp'
import { E_TAG, SERVICE_TAG, VLAN, SHORT_TAG } from './vlan'
import { VXLAN } from './vxlan'
import { WLAN, RADIOTAP, PRISM } from './wlan'

/** Every protocol the decoder knows. */
const PROTOCOLS: readonly Protocol[] = [
  ETHERNET,
  LLC,
  VLAN,
  SERVICE_TAG,
  E_TAG,
  SHORT_TAG,
  MPLS,
  PPP,
  PPP_IN_HDLC,
  PPP_WITH_DIRECTION,
  PPP_BRIDGED,
  PPPOE,
  CISCO_HDLC,
  RAW_IP,
  IPV4,
  IPV6,
  IPV6_EXTENSION,
  IPV6_FRAGMENT,
  AUTHENTICATION,
  GRE,
  TCP,
  UDP,
  ARP,
  ETHER_IP,
  IPNET,
  MACSEC,
  LOOPBACK,
  LINUX_COOKED,
  LINUX_COOKED_2,
  NFLOG,
  PKTAP,
  ARCNET,
  ARCNET_LINUX,
  IP_OVER_INFINIBAND,
  FRAME_RELAY,
  WLAN,
  RADIOTAP,
  PRISM,
  IPCOMP,
  VXLAN,
  GENEVE,
]

PROTOCOLS.forEach(register)

const LINKTYPE_ETHERNET = 1

/** Deeper than any network nests its tunnels; without it a crafted frame of empty headers would keep us busy. */
const DEEPEST = 64

/**
 * Decode one frame into `packet`: `bytes` from `start` to `end`, which was `wireBytes` long on the wire, of a
 * LINKTYPE_ number. Never throws, whatever the bytes are; `packet.outcome` tells what came of it.
 */
export function decode(
  packet: Packet,
  bytes: Buffer,
  start: number,
  end: number,
  wireBytes: number,
  linkType: number,
): void {
  if (linkType === LINKTYPE_ETHERNET && decodeCommonFrame(packet, bytes, start, end, wireBytes)) return
  decodeByLayers(packet, bytes, start, end, wireBytes, linkType)
}

/** The same, header by header: every protocol, in any order. */
export function decodeByLayers(
  packet: Packet,
  bytes: Buffer,
  start: number,
  end: number,
  wireBytes: number,
  linkType: number,
): void {
  packet.begin(bytes, start, end, wireBytes)
  let layer: Layer | undefined = LINK_TYPES.get(linkType)
  for (let depth = 0; layer !== undefined; depth++) {
    if (depth === DEEPEST) {
      packet.outcome = OUTCOME.damaged
      break
    }
    layer = layer(packet)
  }
  if (packet.hasOuter && packet.outcome !== OUTCOME.transport && packet.outcome !== OUTCOME.fragment) {
    packet.returnToOuter()
  }
}
