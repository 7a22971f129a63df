import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CAPTURES_FOLDER } from '../captures/where'

/** What people found in a capture about one machine, with the frames that prove it. */
export interface ExpectedAsset {
  ip: string | null
  mac: string | null
  vendor: string | null
  hostname: string | null
  os: string | null
  device: string | null
  other_ips?: string[]
  other_macs?: string[]
  alt_names?: string[]
  attributes?: Record<string, string | number>
  note?: string
}

export interface ExpectedCapture {
  /** Its name in the captures' folder. */
  file: string
  assets: ExpectedAsset[]
}

/** Hostnames that the list does not have, and that tshark reads in the frames named: DHCP, and the BACnet device object. */
const ALSO_CALLED: Record<string, Record<string, string>> = {
  'icsnpp-profinet-io-cm__testing__traces__profinet_io_cm_mixed_2.pcapng': {
    // Frame 1211.
    '169.254.216.43': 'LT-US-DSWANSON',
  },
  'icsnpp-bacnet__testing__traces__bacnet_example.pcap': {
    // Frames 153, 363, 458, 553.
    '172.20.32.107': 'PLC_57',
    '172.20.32.114': 'PLC_48',
    '172.20.32.116': 'PLC_11',
    '172.20.32.128': 'PLC_46',
  },
}

/** All captures whose machines are known. */
export function expectedCaptures(): ExpectedCapture[] {
  const identity = read('identity.json') as { sha256: string; assets: ExpectedAsset[] }[]
  const manifest = read('MANIFEST.json') as { file: string; sha256: string }[]
  const names = new Map(manifest.map(({ sha256, file }) => [sha256, file]))
  return identity.flatMap(({ sha256, assets }) => {
    const file = names.get(sha256)
    if (file === undefined) return []
    const called = (asset: ExpectedAsset): string | null =>
      asset.hostname ?? ALSO_CALLED[file]?.[asset.ip ?? ''] ?? null
    return [{ file, assets: assets.map((asset) => ({ ...asset, hostname: called(asset) })) }]
  })
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(CAPTURES_FOLDER, name), 'utf8'))
}

/** The family of a system in words, whoever wrote them. The first that fits. */
const FAMILIES: readonly [RegExp, string][] = [
  [/windows ce|wince/i, 'Windows CE'],
  [/windows/i, 'Windows'],
  [/android/i, 'Android'],
  [/\bios\b(?! ?xe)(?<!cisco ios)|iphone|ipad/i, 'iOS'],
  [/mac ?os|os x/i, 'macOS'],
  [/cisco ios/i, 'Cisco IOS'],
  [/comware/i, 'Comware'],
  [/freebsd/i, 'FreeBSD'],
  [/openbsd/i, 'OpenBSD'],
  [/solaris|sunos/i, 'Solaris'],
  [/linux|qnap|qts/i, 'Linux'],
]

/** Undefined where the words name no family, as `v3.20` does. */
export function familyOf(os: string): string | undefined {
  return FAMILIES.find(([pattern]) => pattern.test(os))?.[1]
}

/** What of a system's words is its version: one of them must be found. Empty where only the family is known. */
export function versionsOf(os: string): string[] {
  const known = [
    /windows (xp)/i,
    /server (20\d\d)/i,
    /windows (8\.1|7|8|10|11)\b/i,
    /windows ce ([\d.]+)/i,
    /cisco ios ([^ ]+)/i,
    /mac os x ([\d.]+)/i,
    /osxvers=\d+: ([a-z ]+)/i,
    /android (\d+)/i,
    /linux ([\d.]+[\w.-]*)/i,
    /ubuntu ([\d.]+)/i,
    /comware ([\d.]+)/i,
    /^v([\d.]+)/,
    /(qts)/i,
  ]
  return known.flatMap((pattern) => pattern.exec(os)?.[1]?.toLowerCase() ?? [])
}

/** Kinds of machine in words. What is said in the same line counts as the same. */
const KINDS: readonly [string, RegExp][] = [
  ['switch', /switch|authenticator/i],
  ['router', /router|gateway/i],
  ['phone', /phone|tablet|ipad/i],
  ['printer', /printer/i],
  ['nas', /\bnas\b/i],
  ['virtual machine', /virtual machine|vmware|virtualbox/i],
  ['domain controller', /domain controller/i],
  [
    'industrial',
    /plc|rtu|controller|s7-|cpu 3|ethernet\/ip device|modbus|profinet|bacnet|versamax|outstation|relay|industrial (device|pc)|adapter|logix|scalance/i,
  ],
  ['computer', /\bpc\b|computer|server|imac|macbook|scanner pc|client/i],
]

/** Every kind that the words name; empty where they name none that we know. */
export function kindsOf(device: string): string[] {
  return KINDS.filter(([, pattern]) => pattern.test(device)).map(([kind]) => kind)
}
