import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { CAPTURES_FOLDER } from '../captures/where'
import { hasProgram } from '../needs'

/**
 * Which TCP ports were opened in a capture, as tshark reads it: the only thing of services that is known of these machines
 * without asking ourselves. What is spoken there, and UDP, it does not tell.
 */
export interface Handshakes {
  /** `10.0.0.1 tcp/22`: a SYN was answered with a SYN-ACK. */
  answered: ReadonlySet<string>
  /** At an end of any SYN: it is known who opened it. */
  met: ReadonlySet<string>
}

export const hasTshark = (): boolean => hasProgram('tshark', '--version')

const SYN = 'tcp.flags.syn == 1 and not icmp and not icmpv6'
const ACK = 0x10

export function handshakesOf(file: string): Handshakes {
  const fields = ['ip.src', 'ipv6.src', 'tcp.srcport', 'ip.dst', 'ipv6.dst', 'tcp.dstport', 'tcp.flags']
  const wanted = fields.flatMap((field) => ['-e', field])
  // Of headers in headers the innermost.
  const how = ['-n', '-Y', SYN, '-T', 'fields', '-E', 'occurrence=l', ...wanted]
  const { stdout, status, stderr } = spawnSync('tshark', ['-r', join(CAPTURES_FOLDER, file), ...how], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  // It reads what there is of a file that is cut off, and says so.
  if (stdout === '' && status !== 0) throw new Error(`tshark cannot read ${file}: ${stderr}`)
  const answered = new Set<string>()
  const met = new Set<string>()
  for (const line of stdout.split('\n').filter((each) => each !== '')) {
    const [from, fromSix, fromPort, to, toSix, toPort, flags] = line.split('\t')
    const [source, destination] = [`${from || fromSix} tcp/${fromPort}`, `${to || toSix} tcp/${toPort}`]
    met.add(source).add(destination)
    if ((Number(flags) & ACK) !== 0) answered.add(source)
  }
  return { answered, met }
}
