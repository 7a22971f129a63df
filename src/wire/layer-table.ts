import type { Layer } from './packet'

/** Which layer reads on, by the number a header gives. Sized for every number, so looking up is two array reads. */
export class LayerTable {
  private readonly places: Uint8Array
  private readonly layers: (Layer | undefined)[] = [undefined]

  /** For numbers from 0 to `size` - 1; others are never found. */
  constructor(size: number) {
    this.places = new Uint8Array(size)
  }

  set(number: number, layer: Layer): void {
    const known = this.layers.indexOf(layer)
    this.places[number] = known === -1 ? this.layers.push(layer) - 1 : known
  }

  get(number: number): Layer | undefined {
    return this.layers[this.places[number] ?? 0]
  }
}

/**
 * A protocol as the decoder knows it: its layer, and the numbers under which others carry it. A new protocol is one
 * new file that exports one of these, and its name in decoder.ts.
 */
export interface Protocol {
  layer: Layer
  /** LINKTYPE_ numbers of the tcpdump registry. */
  linkTypes?: readonly number[]
  /** EtherTypes: in Ethernet, behind a VLAN tag, in SNAP, in GRE. */
  etherTypes?: readonly number[]
  /** IP protocol numbers and IPv6 next headers. */
  ipProtocols?: readonly number[]
  /** PPP protocol numbers. */
  pppProtocols?: readonly number[]
  /** UDP ports that an overlay network sends to. */
  overlayPorts?: readonly number[]
}

// Filled by decoder.ts. Layers look in them and so need not import each other, which would go round in circles.
export const LINK_TYPES = new LayerTable(65536)
export const ETHER_TYPES = new LayerTable(65536)
export const IP_PROTOCOLS = new LayerTable(256)
export const PPP_PROTOCOLS = new LayerTable(65536)
export const OVERLAY_PORTS = new LayerTable(65536)

/** Enter a protocol in all the tables its numbers belong to. */
export function register(protocol: Protocol): void {
  for (const number of protocol.linkTypes ?? []) LINK_TYPES.set(number, protocol.layer)
  for (const number of protocol.etherTypes ?? []) ETHER_TYPES.set(number, protocol.layer)
  for (const number of protocol.ipProtocols ?? []) IP_PROTOCOLS.set(number, protocol.layer)
  for (const number of protocol.pppProtocols ?? []) PPP_PROTOCOLS.set(number, protocol.layer)
  for (const number of protocol.overlayPorts ?? []) OVERLAY_PORTS.set(number, protocol.layer)
}
