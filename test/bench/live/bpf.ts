import { getSystemErrorName } from 'node:util'

/*
 * bpf(2), as little of it as a packet generator needs: one program, one value that it shares with us, and runs of the
 * program on frames that then enter the kernel as if a port had received them.
 */

/** Numbers of bpf(2) among system calls, by what Node calls the architecture. */
const SYS_BPF: Record<string, number> = { x64: 321, arm64: 280, riscv64: 280, loong64: 280 }

/** Commands and numbers of <linux/bpf.h>. */
const MAP_CREATE = 0
const MAP_LOOKUP = 1
const MAP_UPDATE = 2
const PROGRAM_LOAD = 5
const PROGRAM_TEST_RUN = 10
const MAP_TYPE_ARRAY = 2
const PROGRAM_TYPE_XDP = 6
const TEST_XDP_LIVE_FRAMES = 2
const BATCH = 64

/** Longer than any of the structs, whose tail may be zeros. */
const ATTRIBUTE_BYTES = 128

interface Koffi {
  load(library: null): {
    func(definition: string): (number: number, command: number, attribute: Buffer, bytes: number) => number
  }
  address(buffer: Buffer): bigint
  errno(): number
}

const koffi = require('koffi') as Koffi
const call = koffi.load(null).func('long syscall(long, int, void *, unsigned int)')

function bpf(command: number, ...fields: [at: number, value: number | Buffer][]): number {
  const attribute = Buffer.alloc(ATTRIBUTE_BYTES)
  for (const [at, value] of fields) {
    if (typeof value === 'number') attribute.writeUInt32LE(value, at)
    else attribute.writeBigUInt64LE(koffi.address(value), at)
  }
  const number = SYS_BPF[process.arch]
  if (number === undefined) throw new Error(`The generator does not know ${process.arch}.`)
  const result = call(number, command, attribute, attribute.length)
  if (result < 0) throw new Error(`bpf(2), command ${command}: ${getSystemErrorName(-koffi.errno())}`)
  return result
}

/** Some numbers of 64 bits that a program and we can read and write. */
export class SharedNumbers {
  readonly descriptor: number
  private readonly key = Buffer.alloc(4)

  constructor(private readonly count: number) {
    this.descriptor = bpf(MAP_CREATE, [0, MAP_TYPE_ARRAY], [4, 4], [8, 8 * count], [12, 1])
  }

  read(): bigint[] {
    const value = Buffer.alloc(8 * this.count)
    bpf(MAP_LOOKUP, [0, this.descriptor], [8, this.key], [16, value])
    return Array.from({ length: this.count }, (_, at) => value.readBigUInt64LE(8 * at))
  }

  write(numbers: readonly bigint[]): void {
    const value = Buffer.alloc(8 * this.count)
    numbers.forEach((number, at) => value.writeBigUInt64LE(number, 8 * at))
    bpf(MAP_UPDATE, [0, this.descriptor], [8, this.key], [16, value])
  }
}

/** An XDP program of instructions of 8 bytes. Throws with what the kernel has against it. */
export class XdpProgram {
  private readonly descriptor: number

  constructor(instructions: Buffer) {
    const license = Buffer.from('GPL\0')
    const complaint = Buffer.alloc(1 << 16)
    try {
      this.descriptor = bpf(
        PROGRAM_LOAD,
        [0, PROGRAM_TYPE_XDP],
        [4, instructions.length / 8],
        [8, instructions],
        [16, license],
        [24, 1],
        [28, complaint.length],
        [32, complaint],
      )
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${complaint.toString('latin1').replace(/\0+$/, '')}`, {
        cause: error,
      })
    }
  }

  /** Run it so many times on this frame; what it passes is received by the port. Takes all of the thread's time. */
  run(frame: Buffer, portIndex: number, times: number): void {
    // struct xdp_md: data, its end, metadata, port, queue, port to leave through.
    const context = Buffer.alloc(24)
    context.writeUInt32LE(frame.length, 4)
    context.writeUInt32LE(portIndex, 12)
    bpf(
      PROGRAM_TEST_RUN,
      [0, this.descriptor],
      [8, frame.length],
      [16, frame],
      [32, times],
      [40, context.length],
      [48, context],
      [64, TEST_XDP_LIVE_FRAMES],
      [72, BATCH],
    )
  }
}
