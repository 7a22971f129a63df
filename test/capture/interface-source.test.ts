import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WrappingCount } from '../../src/capture/interface-source'
import { loadPcapBinding } from '../../src/capture/pcap-binding'
import { readFlows } from '../../src/capture/read-flows'
import { hasProgram, testWith } from '../needs'
import { until } from '../until'
import { ethernet, hex, ipv4, PROTOCOL, tcp, udp } from '../wire/frames'
import { pcap } from './capture-bytes'

const PROBE = join(__dirname, 'fixtures', 'interface-probe.js')

const NAMESPACE = `nps-test-${process.pid}`

function canMakeNamespace(): boolean {
  if (spawnSync('ip', ['netns', 'add', NAMESPACE]).status !== 0) return false
  spawnSync('ip', ['netns', 'del', NAMESPACE])
  return true
}

function hasPcap(): boolean {
  try {
    loadPcapBinding()
    return true
  } catch {
    return false
  }
}

const live = testWith(
  hasPcap() && hasProgram('tcpreplay') && canMakeNamespace(),
  "root, a network namespace, ip, tcpreplay and npm's pcap (built with libpcap-dev)",
)

test('a count kept in 32 bits goes on over its end, read as signed or not', () => {
  const count = new WrappingCount()
  for (const kernel of [5, 0x7fffffff, -2, 0xffffffff, 3]) count.update(kernel)
  expect(count.total).toBe(2 ** 32 + 3)
})

describe('a mirror port', () => {
  let folder: string
  let probe: ChildProcess | undefined
  let lines: string[]

  const ip = (...words: string[]): void => {
    const { status, stderr } = spawnSync('ip', ['-n', NAMESPACE, ...words], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`)
  }

  const inside = (...words: string[]): void => {
    const { status, stderr } = spawnSync('ip', ['netns', 'exec', NAMESPACE, ...words], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  }

  const makePort = (): void => {
    ip('link', 'add', 'mirror', 'type', 'veth', 'peer', 'name', 'switch')
    ip('link', 'set', 'mirror', 'up')
    ip('link', 'set', 'switch', 'up')
  }

  /** Start the probe on the port; it prints a line for each thing that happens. */
  const listen = async (): Promise<void> => {
    lines = []
    const child = spawn('ip', ['netns', 'exec', NAMESPACE, process.execPath, PROBE, 'mirror'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => lines.push(...chunk.split('\n').filter(Boolean)))
    probe = child
    await until(() => lines.includes('open'))
  }

  const packets = (): number => Number(/\d+/.exec(lines.findLast((line) => line.startsWith('packets')) ?? '0')?.[0])

  /** End the probe and answer the flows it saw, one line each. */
  const flows = async (): Promise<string[]> => {
    probe?.stdin?.end()
    await until(() => lines.includes('end'))
    return lines.filter((line) => line.startsWith('flow ')).sort()
  }

  const send = (file: string, ...options: string[]): void => inside('tcpreplay', '-q', '-i', 'switch', ...options, file)

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nps-live-'))
    const { status, stderr } = spawnSync('ip', ['netns', 'add', NAMESPACE], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`ip netns add: ${stderr}`)
    // Or the kernel's own neighbour discovery would be on the wire, too.
    inside('sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1', 'net.ipv6.conf.all.disable_ipv6=1')
    makePort()
  })

  afterEach(() => {
    probe?.kill('SIGKILL')
    spawnSync('ip', ['netns', 'del', NAMESPACE])
    rmSync(folder, { recursive: true, force: true })
  })

  /** Frames of many flows, some with VLAN tags, some as long as a frame can be. */
  const capture = (count: number): string => {
    const records = Array.from({ length: count }, (_, index) => {
      const source = `10.0.${index % 7}.${1 + (index % 11)}`
      const destination = `192.168.0.${1 + (index % 5)}`
      const packet =
        index % 3 === 0
          ? ipv4(udp(5000, 53, Buffer.alloc(index % 1400)), { source, destination })
          : ipv4(tcp(0x10, 4000, 80 + (index % 3)), { source, destination, protocol: PROTOCOL.tcp })
      const frame = index % 4 === 0 ? ethernet('8100', hex('0064 0800', packet)) : ethernet('0800', packet)
      const padded = Buffer.concat([frame, Buffer.alloc(Math.max(0, 60 - frame.length))])
      return { frame: padded, atMicros: index, wireBytes: padded.length }
    })
    const path = join(folder, 'traffic.pcap')
    writeFileSync(path, pcap(records))
    return path
  }

  live('what a switch sends is counted to the packet and the byte, VLAN tags and all', async () => {
    const file = capture(5000)
    await listen()
    send(file, '--pps', '50000')
    await until(() => packets() >= 5000)
    const expected = [...(await readFlows(file)).flows].map(
      (flow) =>
        `flow ${flow.clientAddress} ${flow.serverAddress} ${flow.serverPort} ${flow.proto} ${flow.c2sPackets} ${flow.c2sBytes}`,
    )
    expect(await flows()).toEqual(expected.sort())
    expect(lines).toContain('drops 0')
    expect(lines).toContain(`wire ${pcapWireBytes(file)}`)
  })

  live('it is closed while nothing comes, and the process ends', async () => {
    await listen()
    expect(await flows()).toEqual([])
    await until(() => probe?.exitCode === 0)
  })

  live.each([
    ['switched off', () => ip('link', 'set', 'mirror', 'down'), /^error The mirror port mirror is down/],
    ['taken away', () => ip('link', 'del', 'mirror'), /^error .*mirror/],
  ])('a port that is %s is said in plain words', async (_how, harm, words) => {
    await listen()
    harm()
    await until(() => lines.some((line) => words.test(line)))
  })
})

function pcapWireBytes(file: string): number {
  const bytes = readFileSync(file)
  let sum = 0
  for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) sum += bytes.readUInt32LE(at + 12)
  return sum
}
