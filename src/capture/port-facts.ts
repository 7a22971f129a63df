import { readFileSync } from 'node:fs'

/** The MAC address of a port of this machine, 6 bytes; empty where there is no such port, or it has none. */
export function macOfPort(name: string): Buffer {
  return Buffer.from(fact(name, 'address').replaceAll(':', ''), 'hex')
}

/** The speed a port has agreed on with the other end, in bits per second; 0 where it has none, or it is not told. */
export function speedOfPort(name: string): number {
  const megabits = Number(fact(name, 'speed'))
  // -1 while there is no link.
  return megabits > 0 ? megabits * 1e6 : 0
}

/** One file of <linux/sysfs>; empty where it cannot be read, as the speed of a port that is down. */
function fact(name: string, file: string): string {
  if (!/^(?!\.\.?$)[^/\s]+$/.test(name)) return ''
  try {
    return readFileSync(`/sys/class/net/${name}/${file}`, 'utf8').trim()
  } catch {
    return ''
  }
}
