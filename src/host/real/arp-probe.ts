import { closeSync, readSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isIPv4 } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { CallError, loadLinuxCalls, type LinuxCalls } from '../../capture/linux-calls'
import { ArpView } from '../../wire/arp'
import { macText } from '../../wire/address-text'

const AF_PACKET = 17
const SOCK_RAW = 3
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const ETH_P_ARP = 0x0806
const ETHERNET_HEADER = 14
const PROBES = 2

/**
 * The MAC addresses of other machines behind this port that have this IPv4 address, by ARP probes (RFC 5227 section
 * 2.1.1): a probe names no sender, so it spoils nobody's neighbour table. Undefined where that cannot be done: without
 * root, without koffi, on a port that is not there.
 */
export async function whoElseHas(
  port: string,
  mac: string,
  address: string,
  timeoutMs: number,
): Promise<string[] | undefined> {
  const index = Number(await readFile(`/sys/class/net/${port}/ifindex`, 'utf8').catch(() => ''))
  if (!isIPv4(address) || index === 0) return undefined
  let calls: LinuxCalls
  try {
    calls = loadLinuxCalls()
  } catch {
    return undefined
  }
  let descriptor: number
  try {
    descriptor = calls.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
  } catch (error) {
    if (error instanceof CallError) return undefined
    throw error
  }
  try {
    calls.bind(descriptor, portAddress(index))
    const others = new Set<string>()
    for (let probe = 0; probe < PROBES; probe++) {
      writeSync(descriptor, arpProbe(mac, address))
      await pause(timeoutMs / PROBES)
      for (const frame of waiting(descriptor)) {
        const other = ownerIn(frame, address)
        if (other !== undefined && other !== mac) others.add(other)
      }
    }
    return [...others].sort()
  } catch {
    // The port went down, or away.
    return undefined
  } finally {
    closeSync(descriptor)
  }
}

/** packet(7): a `struct sockaddr_ll` for what this port hears of ARP. */
function portAddress(index: number): Buffer {
  const address = Buffer.alloc(20)
  address.writeUInt16LE(AF_PACKET, 0)
  address.writeUInt16BE(ETH_P_ARP, 2)
  address.writeInt32LE(index, 4)
  return address
}

/** To everyone: who has this address? */
function arpProbe(mac: string, address: string): Buffer {
  const own = Buffer.from(mac.replaceAll(':', ''), 'hex')
  return Buffer.concat([
    Buffer.alloc(6, 0xff),
    own,
    Buffer.from([0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 1]),
    own,
    Buffer.alloc(4),
    Buffer.alloc(6),
    Buffer.from(address.split('.').map(Number)),
    // An Ethernet frame has 60 bytes at least.
    Buffer.alloc(18),
  ])
}

/** What has arrived and nobody has read; not more than a flood that would hold us up. */
function* waiting(descriptor: number): Generator<Buffer> {
  const MOST_FRAMES = 1000
  const frame = Buffer.alloc(128)
  for (let count = 0; count < MOST_FRAMES; count++) {
    let bytes: number
    try {
      bytes = readSync(descriptor, frame)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return
      throw error
    }
    yield frame.subarray(0, bytes)
  }
}

/** The MAC of who says in this frame that the address is his. */
function ownerIn(frame: Buffer, address: string): string | undefined {
  const arp = new ArpView()
  if (!arp.set(frame, ETHERNET_HEADER, frame.length)) return undefined
  const sender = frame.subarray(arp.senderIpAt, arp.senderIpAt + 4).join('.')
  return sender === address ? macText(frame, arp.senderMacAt) : undefined
}
