import { existsSync, readFileSync } from 'node:fs'

/** IFF_UP of <linux/if.h>. */
const IFF_UP = 1

/** libpcap's own name for all ports together, which has no entry in /sys and no promiscuous mode. */
export const ALL_PORTS = 'any'

/** A network interface of this machine, as it is now. */
export interface Port {
  /** The kernel's number of it. One that is taken away and made again has another. */
  index: number
  isUp: boolean
  /** Something is plugged in and talks back. */
  hasLink: boolean
  /** ARPHRD_ of <linux/if_arp.h>. */
  hardwareType: number
  /** Frames that the port itself lost for want of room, since it is there: the kernel never saw them. */
  lost: number
}

/** Look at a port. Throws Error in plain words when there is none of this name. */
export function lookAtPort(name: string): Port {
  const folder = `/sys/class/net/${name}`
  // The names `.` and `..` are not to be had either; the kernel refuses them as we do.
  if (!/^(?!\.\.?$)[^/\s]+$/.test(name) || !existsSync(folder)) throw noPort(name)
  const read = (file: string): number => Number(readFileSync(`${folder}/${file}`, 'utf8'))
  try {
    const isUp = (read('flags') & IFF_UP) !== 0
    return {
      index: read('ifindex'),
      isUp,
      // Cannot be read while the port is down.
      hasLink: isUp && read('carrier') === 1,
      hardwareType: read('type'),
      lost: read('statistics/rx_missed_errors') + read('statistics/rx_fifo_errors'),
    }
  } catch {
    // Taken away, or switched off, between two of these files: the next look tells which.
    throw noPort(name)
  }
}

/** One port, from now on. */
export class PortWatch {
  /** As it was looked at last. */
  port: Port
  /** Lost by the port itself since it is watched. */
  lost = 0

  /** Throws Error in plain words when there is no port of this name. */
  constructor(private readonly name: string) {
    this.port = lookAtPort(name)
  }

  /** Look again. Throws Error in plain words when it is gone, also when another one has its name now. */
  look(): Port {
    const now = lookAtPort(this.name)
    if (now.index !== this.port.index)
      throw new Error(`The mirror port ${this.name} was taken away; another one has its name.`)
    // A driver that is reset begins to count anew.
    this.lost += now.lost < this.port.lost ? now.lost : now.lost - this.port.lost
    this.port = now
    return now
  }
}

/** What keeps packets from coming, in plain words; empty when nothing does. */
export function portTrouble(name: string, port: Port): string {
  if (!port.isUp) return `The mirror port ${name} is down: it has to be switched on (ip link set ${name} up).`
  if (!port.hasLink) return `The mirror port ${name} has no link: check its cable and the port of the switch.`
  return ''
}

/** Why a port could not be opened, in plain words. */
export function openingError(name: string, cause: unknown): Error {
  const said = cause instanceof Error ? cause.message : String(cause)
  const mayNot = /permission|permitted|EPERM|EACCES/i.test(said)
  return new Error(
    mayNot
      ? `This user may not capture on ${name}: it takes root or the capability CAP_NET_RAW.`
      : `The mirror port ${name} cannot be opened: ${said}`,
    { cause },
  )
}

function noPort(name: string): Error {
  return new Error(`There is no port ${name} on this machine.`)
}
