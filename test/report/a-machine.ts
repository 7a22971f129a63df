import type { MachineSummary } from '../../src/report/summary'

/** A machine that is known by a fingerprint, by what it says in words, and by its card. */
export function fingerprinted(id: string, lastMs = 5): MachineSummary {
  const said = (kind: string, value: string, confidence: number) => ({ kind, value, confidence, source: 'x', atMs: 5 })
  const made = (kind: string, value: string, clue: string) => ({ ...said(kind, value, 80), clue })
  return {
    id,
    addresses: [id],
    macs: [],
    isGateway: false,
    firstMs: 1,
    lastMs,
    attributes: [
      made('hostname', 'desk', ''),
      made('os', 'PrintedOS', 'tcp-handshake: syn 128'),
      made('device', 'printed-box', 'system: PrintedOS'),
      made('maker', 'Wordy', 'http-agent: Agent/1'),
      made('vendor', 'Cards', 'MAC: 00:1b:21:00:00:01'),
      made('nat', 'NAT suspected', 'http-agent: Agent/1'),
    ],
    said: [
      said('hostname', 'desk', 80),
      said('tcp-handshake', 'syn 128', 0),
      said('http-agent', 'Agent/1', 0),
      said('service', 'tcp/22 ssh', 80),
    ],
    reasons: ['an address goes by the same hostname desk'],
  }
}

/** What is left of it without consent. */
export function unfingerprinted(id: string, lastMs = 5): MachineSummary {
  const machine = fingerprinted(id, lastMs)
  const [hostname, , , maker, vendor] = machine.attributes
  const [name, , , service] = machine.said
  return { ...machine, attributes: [hostname!, { ...maker!, clue: '' }, vendor!], said: [name!, service!] }
}
