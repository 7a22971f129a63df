import type { Box } from './box'

/** How often and how long is asked; both machines of a conflict are on one cable, so a second is long. */
const PROBES = 2

/**
 * Does another machine on this network have the address already? Asked by ARP probes (RFC 5227 section 2.1.1), whose
 * sender is 0.0.0.0, so that no neighbour learns anything wrong from them. Its MAC address when there is one. A box
 * without arping(8), or a port without a cable, cannot tell.
 */
export async function whoHas(box: Box, device: string, address: string): Promise<string | undefined> {
  const words = ['-D', '-c', String(PROBES), '-w', String(PROBES), '-I', device, address]
  const ran = await box.look('arping', ...words).catch(() => undefined)
  return ran === undefined ? undefined : parseReply(ran.stdout)
}

/** `Unicast reply from 10.1.2.3 [02:00:00:00:00:01]  0.6ms`, with iputils as with busybox. */
export function parseReply(text: string): string | undefined {
  return /reply from \S+ \[([0-9a-f:]{17})\]/i.exec(text)?.[1]?.toLowerCase()
}
