import { speaker, type Voice } from '../voice'

// Niagara Fox, of building automation (Tridium): lines of text, `hostName=s:station-7`, in the hello of either side

const KINDS: readonly [key: string, kind: string, confidence: number][] = [
  ['hostName', 'hostname', 78],
  ['os.name', 'fox-os', 0],
  ['vm.version', 'vm-version', 70],
  ['app.name', 'software', 80],
  ['app.version', 'software-version', 80],
  ['station.name', 'station', 80],
  ['hostId', 'host-id', 80],
  ['brandId', 'brand', 80],
]

export const NIAGARA_FOX: Voice = {
  source: 'fox',
  tcp: [1911, 4911],
  hear(heard, notes) {
    const text = heard.bytes.toString('latin1', 0, 4096)
    if (!/^fox a \d+ -?\d+ fox hello\n/.test(text)) return
    for (const [key, kind, confidence] of KINDS) {
      const value = new RegExp(`\\n${key.replace('.', '\\.')}=s:([^\\n]{1,128})`).exec(text)?.[1]
      if (value !== undefined) notes.add(speaker(heard), kind, value, confidence)
    }
    if (heard.source.port === 1911 || heard.source.port === 4911) notes.add(speaker(heard), 'role', 'fox station')
    return !text.includes('};;')
  },
}
