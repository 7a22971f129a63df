import { open, type FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { constants, createGunzip } from 'node:zlib'

/** A run of bytes from a file or a pipe. */
export interface ByteInput {
  /** Put up to `length` bytes into `buffer` at `at`. Answers how many; 0 at the end. */
  read(buffer: Buffer, at: number, length: number): Promise<number>
  close(): Promise<void>
}

/** The bytes read so far are good, but the rest of the compressed file is not. */
export class DamagedInput extends Error {}

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b])

/** Open a file, or standard input for `-`; gzip is uncompressed. Rejects when it cannot be opened or read. */
export async function openInput(path: string): Promise<ByteInput> {
  const input = path === '-' ? new StreamInput(process.stdin) : new FileInput(await open(path, 'r'))
  try {
    const start = Buffer.alloc(GZIP_MAGIC.length)
    let got = 0
    while (got < start.length) {
      const more = await input.read(start, got, start.length - got)
      if (more === 0) break
      got += more
    }
    const whole = new InputFromStart(start.subarray(0, got), input)
    return start.equals(GZIP_MAGIC) ? new GzipInput(whole) : whole
  } catch (error) {
    await input.close()
    throw error
  }
}

/** Reads straight into the caller's memory. */
class FileInput implements ByteInput {
  constructor(private readonly file: FileHandle) {}

  async read(buffer: Buffer, at: number, length: number): Promise<number> {
    return (await this.file.read(buffer, at, length)).bytesRead
  }

  close(): Promise<void> {
    return this.file.close()
  }
}

/** Gives bytes that were already read once more, then the rest: a pipe cannot be wound back. */
class InputFromStart implements ByteInput {
  constructor(
    private start: Buffer,
    private readonly rest: ByteInput,
  ) {}

  async read(buffer: Buffer, at: number, length: number): Promise<number> {
    if (this.start.length === 0) return this.rest.read(buffer, at, length)
    const copied = this.start.copy(buffer, at, 0, length)
    this.start = this.start.subarray(copied)
    return copied
  }

  close(): Promise<void> {
    return this.rest.close()
  }
}

class StreamInput implements ByteInput {
  private readonly chunks: AsyncIterator<Buffer>
  private chunk: Buffer = Buffer.alloc(0)

  constructor(private readonly stream: Readable) {
    this.chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  async read(buffer: Buffer, at: number, length: number): Promise<number> {
    while (this.chunk.length === 0) {
      const next = await this.chunks.next()
      if (next.done === true) return 0
      this.chunk = next.value
    }
    const copied = this.chunk.copy(buffer, at, 0, length)
    this.chunk = this.chunk.subarray(copied)
    return copied
  }

  async close(): Promise<void> {
    this.stream.destroy()
  }
}

const COMPRESSED_CHUNK = 65536

class GzipInput implements ByteInput {
  private readonly plain: StreamInput

  constructor(private readonly compressed: ByteInput) {
    // With the default, zlib keeps back the last it uncompressed when the file is cut short.
    const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
    const source = Readable.from(chunksOf(compressed))
    source.on('error', (error) => gunzip.destroy(error))
    this.plain = new StreamInput(source.pipe(gunzip))
  }

  async read(buffer: Buffer, at: number, length: number): Promise<number> {
    try {
      return await this.plain.read(buffer, at, length)
    } catch (error) {
      if (!isZlibError(error)) throw error
      throw new DamagedInput('its compressed data is damaged', { cause: error })
    }
  }

  async close(): Promise<void> {
    await this.plain.close()
    await this.compressed.close()
  }
}

async function* chunksOf(input: ByteInput): AsyncGenerator<Buffer> {
  for (;;) {
    const chunk = Buffer.allocUnsafe(COMPRESSED_CHUNK)
    const got = await input.read(chunk, 0, chunk.length)
    if (got === 0) return
    yield chunk.subarray(0, got)
  }
}

function isZlibError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_')
}
