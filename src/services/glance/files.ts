import type { Payload } from '../../wire/payload'
import type { ApplicationName } from '../applications'
import { letters, nearPorts, when, type Recogniser } from './recogniser'

/** SMB behind the length that NetBIOS put before it (MS-SMB2 section 2.1): 0, length (3), then a sign for each version. */
function isSmb(payload: Payload): boolean {
  const sign = payload.u8(4)
  return payload.u8(0) === 0 && payload.says('SMB', 5) && sign >= 0xfc
}

/** A NetBIOS session is asked for, granted, refused, sent elsewhere, kept (RFC 1002 section 4.3). */
function isNetbiosSession(payload: Payload): boolean {
  const type = payload.u8(0)
  return (type === 0 || (type >= 0x81 && type <= 0x85)) && payload.u8(1) <= 1 && payload.u16(2) <= payload.size
}

/** TFTP (RFC 1350 section 5): 1 or 2, a file's name, a zero, the mode, a zero. */
function isTftpRequest(payload: Payload): boolean {
  if (payload.u16(0) !== 1 && payload.u16(0) !== 2) return false
  const nameEnd = payload.find(0, 2, 512)
  const isNamed = nameEnd > 2
  return isNamed && (payload.saysAnyCase('OCTET\0', nameEnd + 1) || payload.saysAnyCase('NETASCII\0', nameEnd + 1))
}

const PROGRAM_PORTMAP = 100_000
/** NFS, its mount, locks, status, access lists and quotas (IANA registry of RPC programs). */
const NFS_PROGRAMS: ReadonlySet<number> = new Set([100_003, 100_005, 100_021, 100_024, 100_227, 100_011])

/** A call of Sun RPC (RFC 5531 section 9): id, 0 for a call, version 2, program, its version, procedure. */
function rpcCall(payload: Payload, offset: number): ApplicationName | undefined {
  if (payload.u32(offset + 4) !== 0 || payload.u32(offset + 8) !== 2) return undefined
  const program = payload.u32(offset + 12)
  if (program === PROGRAM_PORTMAP) return 'portmap'
  if (NFS_PROGRAMS.has(program)) return 'nfs'
  const isProgram = program >= PROGRAM_PORTMAP && program < 0x6000_0000
  return isProgram && payload.u32(offset + 16) < 256 && payload.u32(offset + 20) < 1024 ? 'sun-rpc' : undefined
}

/** An answer: id, 1, accepted or denied. */
function isRpcReply(payload: Payload): boolean {
  const offset = payload.isTcp ? 4 : 0
  return payload.u32(offset + 4) === 1 && (payload.u32(offset + 8) === 0 || payload.u32(offset + 8) === 1)
}

/** DSI, which carries AFP over TCP: asked or answered, command, id, error or offset, length, reserved. */
function isDsi(payload: Payload): boolean {
  const command = payload.u8(1)
  return payload.u8(0) <= 1 && command >= 1 && command <= 8 && payload.u32(12) === 0
}

export const FILES: readonly Recogniser[] = [
  when('smb', 'tcp', [0], isSmb),
  nearPorts('netbios-ssn', 'tcp', isNetbiosSession),
  nearPorts('netbios-dgm', 'udp', (payload) => payload.u8(0) >= 0x10 && payload.u8(0) <= 0x16),
  when('tftp', 'udp', [0], isTftpRequest),
  { transport: 'udp', read: (payload) => rpcCall(payload, 0) },
  // Over TCP there is a record mark before it: the upper bit for the last piece, and its length.
  { transport: 'tcp', first: [0x80], read: (payload) => rpcCall(payload, 4) },
  nearPorts('portmap', 'both', isRpcReply),
  nearPorts('nfs', 'both', isRpcReply),
  nearPorts('afp', 'tcp', isDsi),
  when('ncp', 'tcp', letters('Dt'), (payload) => payload.says('DmdT') || payload.says('tNcP')),
  when('rsync', 'tcp', letters('@'), (payload) => payload.says('@RSYNCD:')),
  when('git', 'tcp', letters('0'), (payload) => payload.says('git-', 4)),
  when(
    'dropbox-lan-sync',
    'udp',
    letters('{'),
    (payload) => payload.says('{"host_int"') || payload.says('{"version": [2'),
  ),
  when('bjnp', 'udp', letters('B'), (payload) => payload.says('BJNP') || payload.says('BJNB')),
  when('jetdirect', 'tcp', [0x1b], (payload) => payload.says('\x1b%-12345X')),
  when('jetdirect', 'tcp', letters('@'), (payload) => payload.says('@PJL')),
]
