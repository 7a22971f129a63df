import { getSystemErrorName } from 'node:util'

/** The calls to the kernel that Node does not have, by their names in the manual, section 2. */
export interface LinuxCalls {
  /** Answers the descriptor. Like all here, throws CallError. */
  socket(domain: number, type: number, protocol: number): number
  bind(descriptor: number, address: Buffer): void
  setsockopt(descriptor: number, level: number, option: number, value: Buffer): void
  /** Fills `value`. */
  getsockopt(descriptor: number, level: number, option: number, value: Buffer): void
  /** SO_ATTACH_FILTER; `instructions` are `struct sock_filter` of <linux/filter.h>, one behind the other. */
  attachFilter(descriptor: number, instructions: Buffer): void
  /** Map what the descriptor stands for, to read and write, shared with the kernel. */
  mmap(descriptor: number, bytes: number): MappedMemory
  /**
   * Call back each time the descriptor can be read, as long as it can; with an error of the descriptor `hasFailed` is
   * set and the calls end. The event loop holds nothing back for it: no promise goes on and no error is seen before
   * the next turn, so `callback` should do no more than ask for one. Keep what is answered: it stops when collected.
   */
  poll(descriptor: number, callback: (hasFailed: boolean) => void): { close(): void }
}

/** Memory that the kernel writes, too. After `unmap` it is gone; whoever still has a view of it reads zeros. */
export interface MappedMemory {
  readonly bytes: ArrayBuffer
  unmap(): void
}

/** A call that the kernel refused. */
export class CallError extends Error {
  constructor(
    call: string,
    /** Such as `EPERM`. */
    readonly code: string,
  ) {
    super(`${call}: ${code}`)
    this.name = 'CallError'
  }
}

/** What is used of the package `koffi`. */
interface Koffi {
  load(library: null): { func<F>(definition: string): F; func<F>(name: string, result: string, values: unknown[]): F }
  struct(members: Record<string, string>): unknown
  pointer(to: unknown): unknown
  errno(): number
  view(address: bigint, bytes: number): ArrayBuffer
  node: { poll(descriptor: number, callback: (status: number) => void): { close(): void } }
}

const SOL_SOCKET = 1
const SO_ATTACH_FILTER = 26
/** Bytes of a `struct sock_filter`. */
const INSTRUCTION_BYTES = 8

const PROT_READ_WRITE = 3
const MAP_SHARED = 1
const MAP_PRIVATE_ANONYMOUS_FIXED = 0x02 | 0x20 | 0x10
/** What stands for no file. */
const NO_DESCRIPTOR = -1

let loaded: LinuxCalls | undefined

/** Load them. Throws Error in plain words where they cannot be had. */
export function loadLinuxCalls(): LinuxCalls {
  // SOL_SOCKET and its options have these numbers on what Node runs on, except for MIPS, which koffi has no binary for.
  if (process.platform !== 'linux') throw new Error('This is not Linux.')
  try {
    loaded ??= linuxCalls(require('koffi') as Koffi)
  } catch (error) {
    throw new Error('The package koffi is not installed for this machine.', { cause: error })
  }
  return loaded
}

function linuxCalls(koffi: Koffi): LinuxCalls {
  type Option = (descriptor: number, level: number, option: number, value: Buffer, length: number) => number
  const library = koffi.load(null)
  const sockFprog = koffi.struct({ len: 'unsigned short', filter: 'void *' })
  const socket = library.func<(domain: number, type: number, protocol: number) => number>('int socket(int, int, int)')
  const bind = library.func<(descriptor: number, address: Buffer, length: number) => number>(
    'int bind(int, const void *, uint32_t)',
  )
  const setsockopt = library.func<Option>('int setsockopt(int, int, int, const void *, uint32_t)')
  const setFilter = library.func<(...values: [number, number, number, object, number]) => number>('setsockopt', 'int', [
    'int',
    'int',
    'int',
    koffi.pointer(sockFprog),
    'uint32_t',
  ])
  const getsockopt = library.func<(...values: [number, number, number, Buffer, Buffer]) => number>(
    'int getsockopt(int, int, int, void *, void *)',
  )
  type Map = (address: bigint | null, bytes: number, access: number, flags: number, file: number, at: number) => bigint
  const mmap = library.func<Map>('void *mmap(void *, size_t, int, int, int, long)')
  const munmap = library.func<(address: bigint, bytes: number) => number>('int munmap(void *, size_t)')
  const unmapped = new FinalizationRegistry<() => void>((free) => free())

  const checked = (call: string, result: number): number => {
    if (result < 0) throw new CallError(call, getSystemErrorName(-koffi.errno()))
    return result
  }
  return {
    socket: (...values) => checked('socket', socket(...values)),
    bind: (descriptor, address) => void checked('bind', bind(descriptor, address, address.length)),
    setsockopt: (descriptor, level, option, value) =>
      void checked('setsockopt', setsockopt(descriptor, level, option, value, value.length)),
    getsockopt: (descriptor, level, option, value) => {
      const length = Buffer.from(Uint32Array.of(value.length).buffer)
      checked('getsockopt', getsockopt(descriptor, level, option, value, length))
    },
    attachFilter: (descriptor, instructions) => {
      const program = { len: instructions.length / INSTRUCTION_BYTES, filter: instructions }
      // The kernel takes no other length than that of the struct, a short and a pointer.
      const length = process.arch === 'arm' || process.arch === 'ia32' ? 8 : 16
      checked('setsockopt', setFilter(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, program, length))
    },
    mmap: (descriptor, bytes) => {
      const address = mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, descriptor, 0)
      // MAP_FAILED is an address of all ones, in as many bits as addresses have.
      if (address === 0xffff_ffff_ffff_ffffn || address === 0xffff_ffffn || address === -1n) checked('mmap', -1)
      const memory = koffi.view(address, bytes)
      // An ArrayBuffer that was not made here cannot be emptied, and reading where nothing is mapped ends the process.
      // So empty pages, which take no memory, stand there until nobody can read them any more.
      unmapped.register(memory, () => munmap(address, bytes))
      return {
        bytes: memory,
        unmap: () => void mmap(address, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_FIXED, NO_DESCRIPTOR, 0),
      }
    },
    poll: (descriptor, callback) => koffi.node.poll(descriptor, (status) => callback(status < 0)),
  }
}
