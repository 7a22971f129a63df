import { macText } from '../wire/address-text'
import { u16, u32 } from '../wire/big-endian'
import { learnCdp } from './protocols/cdp'
import { learnGoose } from './protocols/goose'
import { learnLldp } from './protocols/lldp'
import { learnDcp } from './protocols/profinet-dcp'
import type { Notes } from './voice'

const VLAN_TYPES: readonly number[] = [0x8100, 0x88a8, 0x9100, 0x9200]
const LLDP = 0x88cc
const PROFINET = 0x8892
const GOOSE = 0x88b8
const EAP_OVER_LAN = 0x888e
const LARGEST_LENGTH = 1500

const SAP_SPANNING_TREE = 0x4242
const SAP_SNAP = 0xaaaa
/** IS-IS and ES-IS (ISO 10589, ISO 9542). */
const SAP_ISO = 0xfefe
/** SNAP with Cisco's own OUI: CDP; and what only switches say: spanning tree for each VLAN, UDLD, VTP, DTP. */
const SNAP_CDP = 0x0c2000
const SNAPS_OF_SWITCHES: readonly number[] = [0x0c010b, 0x0c0111, 0x0c2003, 0x0c2004]
/** The first byte of IS-IS; hosts speak ES-IS. */
const ISIS = 0x83

/** EAP (RFC 3748 section 4): a request comes from the switch or access point, a response from who wants in. */
const EAP_PACKET = 0
const EAP_REQUEST = 1

/** What a frame without IP says of its sender, whose MAC is at `sourceMacAt`. */
export function learnFrame(bytes: Buffer, sourceMacAt: number, end: number, isIndustrial: boolean, notes: Notes): void {
  let at = sourceMacAt + 6
  while (VLAN_TYPES.includes(u16(bytes, at)) && at + 6 <= end) at += 4
  if (at + 2 >= end) return
  const type = u16(bytes, at)
  const mac = macText(bytes, sourceMacAt)
  const body = bytes.subarray(at + 2, end)
  const learnBy = (source: string, learn: (bytes: Buffer, mac: string, notes: Notes) => void, from = body): void => {
    notes.saidIn(source)
    learn(from, mac, notes)
  }
  const learnRole = (source: string, role: string): void => learnBy(source, () => notes.add({ mac }, 'role', role))
  if (type === LLDP) return learnBy('lldp', learnLldp)
  if (type === PROFINET && isIndustrial) return learnBy('profinet-dcp', learnDcp)
  if (type === GOOSE && isIndustrial) return learnBy('goose', learnGoose)
  if (type === EAP_OVER_LAN && body.length >= 5 && body[1] === EAP_PACKET && body[4] === EAP_REQUEST) {
    return learnRole('eap', 'authenticator')
  }
  if (type > LARGEST_LENGTH || body.length < 8) return
  const sap = u16(body, 0)
  if (sap === SAP_SPANNING_TREE) return learnRole('stp', 'bridge')
  if (sap === SAP_ISO && body[3] === ISIS) return learnRole('isis', 'isis router')
  if (sap !== SAP_SNAP) return
  const snap = u32(body, 4) & 0xffffff
  if (snap === SNAP_CDP) return learnBy('cdp', learnCdp, body.subarray(8, Math.min(body.length, type)))
  if (SNAPS_OF_SWITCHES.includes(snap)) learnRole('stp', 'bridge')
}
