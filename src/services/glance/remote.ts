import type { Payload } from '../../wire/payload'
import { letters, nearPorts, when, type Recogniser } from './recogniser'

const CONNECTION_REQUEST = 0xe0

/** Asked for over TPKT (RFC 1006) and a connection request: a cookie with the user, or what security is wanted. */
function isRdp(payload: Payload): boolean {
  if (payload.u16(0) !== 0x0300 || payload.u8(5) !== CONNECTION_REQUEST) return false
  // RDP negotiation request (MS-RDPBCGR section 2.2.1.1.1): type 1, flags, length 8 with the least byte first.
  const last = payload.size - 8
  const asksSecurity = payload.u8(last) === 1 && payload.le16(last + 2) === 8
  return payload.says('Cookie: msts', 11) || (asksSecurity && payload.le32(last + 4) < 32)
}

/** Commands of telnet (RFC 854): interpret, will or will not or do or do not, option. */
function isTelnet(payload: Payload): boolean {
  for (let at = 0; at < 6 && at < payload.size; at += 3) {
    const command = payload.u8(at + 1)
    const isOption = command >= 0xfb && command <= 0xfe && payload.u8(at + 2) <= 50
    // A subnegotiation may follow, of any length.
    if (at > 0 && command === 0xfa) return true
    if (payload.u8(at) !== 0xff || !isOption) return false
  }
  return true
}

/** X11: byte order, protocol 11.0. */
function isX11(payload: Payload): boolean {
  return payload.says('l\0\x0b\0\0\0') || payload.says('B\0\0\x0b\0\0')
}

export const REMOTE: readonly Recogniser[] = [
  when('ssh', 'tcp', letters('S'), (payload) => payload.says('SSH-') && payload.find(0x2d, 4, 10) !== -1),
  when('rdp', 'tcp', [3], isRdp),
  nearPorts('rdp', 'tcp', (payload) => payload.u16(0) === 0x0300 && payload.u16(2) === payload.size),
  when('vnc', 'tcp', letters('R'), (payload) => payload.says('RFB 00')),
  // Past its server, to a peer behind NAT: ten zeroes, 3, and its sign.
  when(
    'teamviewer',
    'udp',
    [0],
    (payload) => payload.u32(0) === 0 && payload.u32(4) === 0 && payload.u32(9) === 0x00031724,
  ),
  when('telnet', 'tcp', [0xff], isTelnet),
  nearPorts('telnet', 'tcp', (payload) => payload.u8(0) === 0xff),
  when('x11', 'tcp', letters('lB'), isX11),
  nearPorts('teamviewer', 'both', (payload) => payload.u16(0) === 0x1724 || payload.u16(0) === 0x1130),
  when('nomachine', 'tcp', letters('N'), (payload) => payload.says('NXSH-')),
  when('citrix', 'tcp', [0x7f], (payload) => payload.says('\x7f\x7fICA\0')),
]
