import type { Box } from './box'

/** Take the VLANs of this port away that a change before has made, except for one. */
export async function removeVlans(box: Box, port: string, except: string): Promise<void> {
  const { stdout } = await box.look('ip', '-j', 'link', 'show', 'type', 'vlan')
  const links = (stdout.trim() === '' ? [] : JSON.parse(stdout)) as { ifname?: string; link?: string }[]
  for (const { ifname = '', link } of links) {
    // Others may have VLANs on the port, too; ours are named by port and number.
    const isOurs = link === port && /^\.\d+$/.test(ifname.slice(port.length)) && ifname.startsWith(port)
    if (isOurs && ifname !== except) await box.must('ip', 'link', 'del', 'dev', ifname)
  }
}
