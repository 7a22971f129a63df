import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasProgram } from '../needs'
import { CAPTURES_FOLDER } from '../captures/where'
import type { Said } from './score'

/** A program that also tells something of machines from a capture. */
export interface Peer {
  name: string
  /** The Debian package that brings it. */
  package: string
  isThere: () => boolean
  read: (file: string) => Said[]
}

/** Machines by address, filled in as lines are read. */
class Machines {
  private readonly byIp = new Map<string, Said>()

  at(ip: string): Said {
    let said = this.byIp.get(ip)
    if (said === undefined) {
      said = { ips: [ip], macs: [], vendor: null, hostname: null, os: null, device: null, services: null, texts: [] }
      this.byIp.set(ip, said)
    }
    return said
  }

  get all(): Said[] {
    return [...this.byIp.values()]
  }
}

/** Run on a copy of pcapng's contents as pcap, which these programs can read. */
function asPcap(file: string, run: (path: string, folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'nps-accuracy-'))
  try {
    const path = join(folder, 'capture.pcap')
    spawnSync('editcap', ['-F', 'pcap', join(CAPTURES_FOLDER, file), path])
    run(path, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function p0f(file: string): Said[] {
  const machines = new Machines()
  asPcap(file, (path, folder) => {
    const log = join(folder, 'log')
    spawnSync('p0f', ['-r', path, '-o', log], { timeout: 60_000 })
    for (const line of linesOf(log)) {
      const fields = Object.fromEntries(line.split('|').map((field) => field.split('=') as [string, string]))
      const subject = fields.subj === 'cli' ? fields.cli : fields.srv
      const os = fields.os
      if (subject === undefined || os === undefined || os === '???') continue
      machines.at(subject.split('/')[0]!).os = os
    }
  })
  return machines.all
}

/** It tells only of these. */
const HOME_NETS = '0.0.0.0/1,128.0.0.0/1'

function prads(file: string): Said[] {
  const machines = new Machines()
  asPcap(file, (path, folder) => {
    const log = join(folder, 'log')
    spawnSync('prads', ['-r', path, '-l', log, '-a', HOME_NETS, '-M', '-P'], { timeout: 60_000 })
    // asset,vlan,port,proto,service,[service-info],distance,discovered
    for (const line of linesOf(log).slice(1)) {
      const [ip, , port, , service, info] = line.split(/,(?![^[]*\])/)
      const machine = machines.at(ip!)
      const text = info?.replace(/^\[|\]$/g, '') ?? ''
      if (service === 'SYN' || service === 'SYNACK') {
        const parts = text.split(':')
        const system = parts.at(-4)?.trim()
        if (system !== undefined && system !== '' && !/unknown/i.test(system))
          machine.os ??= `${system} ${parts.at(-3) ?? ''}`
      } else if (service === 'SERVER') {
        machine.services = [...(machine.services ?? []), `tcp/${port} ${text}`]
      } else if (service === 'ARP') {
        const [mac] = /([0-9a-f]{2}:){5}[0-9a-f]{2}/i.exec(text) ?? []
        if (mac !== undefined) machine.macs.push(mac.toLowerCase())
        const [, vendor] = /\((.+)\)/.exec(text) ?? []
        if (vendor !== undefined) machine.vendor = vendor
      }
    }
  })
  return machines.all
}

/** It tells of flows, not of machines; but a name in NetBIOS or multicast DNS may be taken for that of who sends it. */
function ndpiReader(file: string): Said[] {
  const machines = new Machines()
  asPcap(file, (path) => {
    const { stdout } = spawnSync('ndpiReader', ['-i', path, '-v', '2'], { encoding: 'utf8', maxBuffer: 1 << 28 })
    for (const line of (stdout ?? '').split('\n')) {
      const [, ip, protocol] = /^\t\d+\tUDP (\S+):\d+ <?-> .*?\[proto: [\d.]+\/([^\]]+)\]/.exec(line) ?? []
      const name = /\[Hostname\/SNI: ([^\]]+)\]/.exec(line)?.[1]
      if (ip !== undefined && name !== undefined && /NetBIOS|MDNS|DHCP/.test(protocol ?? ''))
        machines.at(ip).hostname ??= name
    }
  })
  return machines.all
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
  } catch {
    return []
  }
}

export const PEERS: readonly Peer[] = [
  { name: 'p0f', package: 'p0f', isThere: () => hasProgram('p0f', '-h'), read: p0f },
  { name: 'prads', package: 'prads', isThere: () => hasProgram('prads', '-h'), read: prads },
  { name: 'ndpiReader', package: 'libndpi-bin', isThere: () => hasProgram('ndpiReader', '-h'), read: ndpiReader },
]
