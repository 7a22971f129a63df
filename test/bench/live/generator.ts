import { readFileSync } from 'node:fs'
import { ethernet, ipv4, udp } from '../../wire/frames'
import { SharedNumbers, XdpProgram } from './bpf'
import { FLOWS, type Load, type Sent } from './load'

/*
 * A program: sends frames into a port as fast as asked, far faster than one system call a frame could. The frames do
 * not cross the cable: they enter the kernel where those that a port received do, which needs Linux 5.18 and root.
 */

/** Runs of the program between two looks at how far it is: some tens of milliseconds. */
const RUNS = 1 << 20

/** Where the numbers that the program shares lie: bytes. */
const SHARED = { dueNanos: 0, intervalNanos: 8, sent: 16, wanted: 24 }

const HEADERS_BYTES = 42
const SOURCE_ADDRESS_AT = 28
const SOURCE_PORT_AT = 34

const XDP_DROP = 1
const XDP_PASS = 2
const KTIME_GET_NS = 5
const GET_PRANDOM_U32 = 7

/** An instruction of BPF: RFC 9669. */
function instruction(code: number, destination = 0, source = 0, offset = 0, immediate = 0): Buffer {
  const bytes = Buffer.alloc(8)
  bytes[0] = code
  bytes[1] = destination | (source << 4)
  bytes.writeInt16LE(offset, 2)
  bytes.writeInt32LE(immediate, 4)
  return bytes
}

/** Passes a frame when one is due and not all are sent, after making it one of another flow; drops it otherwise. */
function program(shared: number): Buffer {
  const load32 = (to: number, from: number, at: number) => instruction(0x61, to, from, at)
  const load64 = (to: number, from: number, at: number) => instruction(0x79, to, from, at)
  const store64 = (to: number, at: number, from: number) => instruction(0x7b, to, from, at)
  const store16 = (to: number, at: number, from: number) => instruction(0x6b, to, from, at)
  const move = (to: number, from: number) => instruction(0xbf, to, from)
  const set = (to: number, value: number) => instruction(0xb7, to, 0, 0, value)
  const add = (to: number, from: number) => instruction(0x0f, to, from)
  const addValue = (to: number, value: number) => instruction(0x07, to, 0, 0, value)
  const andValue = (to: number, value: number) => instruction(0x57, to, 0, 0, value)
  const callKernel = (helper: number) => instruction(0x85, 0, 0, 0, helper)
  const exit = instruction(0x95)
  /** To the end, when the first is greater, or not less: where the end is gets filled in below. */
  const endIfGreater = (a: number, b: number) => instruction(0x2d, a, b)
  const endIfNotLess = (a: number, b: number) => instruction(0x3d, a, b)
  // Two instructions: the address of the shared numbers (BPF_PSEUDO_MAP_VALUE).
  const address = (to: number) => [instruction(0x18, to, 2, 0, shared), instruction(0)]
  const steps = [
    load32(7, 1, 0),
    load32(3, 1, 4),
    move(4, 7),
    addValue(4, HEADERS_BYTES),
    endIfGreater(4, 3),
    ...address(8),
    load64(1, 8, SHARED.sent),
    load64(2, 8, SHARED.wanted),
    endIfNotLess(1, 2),
    callKernel(KTIME_GET_NS),
    load64(1, 8, SHARED.dueNanos),
    endIfGreater(1, 0),
    load64(2, 8, SHARED.intervalNanos),
    add(1, 2),
    store64(8, SHARED.dueNanos, 1),
    load64(1, 8, SHARED.sent),
    addValue(1, 1),
    store64(8, SHARED.sent, 1),
    callKernel(GET_PRANDOM_U32),
    andValue(0, FLOWS - 1),
    store16(7, SOURCE_ADDRESS_AT, 0),
    addValue(0, 1024),
    store16(7, SOURCE_PORT_AT, 0),
    set(0, XDP_PASS),
    exit,
  ]
  for (const [at, step] of steps.entries()) {
    if (step[0] === 0x2d || step[0] === 0x3d) step.writeInt16LE(steps.length - at - 1, 2)
  }
  return Buffer.concat([...steps, set(0, XDP_DROP), exit])
}

function send({ port, frameBytes, packets, rate }: Load): Sent {
  const shared = new SharedNumbers(4)
  const xdp = new XdpProgram(program(shared.descriptor))
  const payload = Buffer.alloc(Math.max(0, frameBytes - HEADERS_BYTES), 0x41)
  const frame = ethernet('0800', ipv4(udp(1024, 443, payload), { source: '10.0.0.0', destination: '10.0.255.1' }))
  const portIndex = Number(readFileSync(`/sys/class/net/${port}/ifindex`, 'utf8'))
  const interval = rate === 0 ? 0n : BigInt(Math.round(1e9 / rate))
  // The kernel's clock is this one: CLOCK_MONOTONIC.
  const begin = process.hrtime.bigint()
  shared.write([begin, interval, 0n, BigInt(packets)])
  while (shared.read()[2]! < BigInt(packets)) xdp.run(frame, portIndex, RUNS)
  return { packets, seconds: Number(process.hrtime.bigint() - begin) / 1e9 }
}

process.stdout.write(`${JSON.stringify(send(JSON.parse(process.argv[2]!) as Load))}\n`)
