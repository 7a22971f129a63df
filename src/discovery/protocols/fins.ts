import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'

// Omron FINS (W227, W342): a header of ten bytes, command (2), in answers a code (2). Over TCP 16 bytes stand before it,
// which begin with "FINS".

const PORT = 9600
const CONTROLLER_DATA_READ = 0x0501

export interface FinsController {
  model: Buffer
  version: Buffer
}

/** An answer to Controller Data Read. */
export function parseFins(bytes: Buffer): FinsController | undefined {
  const isOverTcp = bytes.toString('latin1', 0, 4) === 'FINS'
  const cursor = new Cursor(bytes, isOverTcp ? Math.min(16, bytes.length) : 0)
  if (cursor.skip(10).u16() !== CONTROLLER_DATA_READ) return undefined
  const code = cursor.u16()
  const found = { model: cursor.take(20), version: cursor.take(20) }
  return cursor.failed || code !== 0 ? undefined : found
}

export const FINS: Voice = {
  source: 'fins',
  udp: [PORT],
  tcp: [PORT],
  isTalkative: true,
  hear(heard, notes) {
    const found = parseFins(heard.bytes)
    if (found === undefined || heard.source.port !== PORT) return
    notes.add(speaker(heard), 'maker', 'Omron', 90)
    notes.add(speaker(heard), 'model', found.model, 88)
    notes.add(speaker(heard), 'firmware', found.version, 85)
    notes.add(speaker(heard), 'role', 'fins controller')
  },
}
