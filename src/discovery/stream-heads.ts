/** Streams whose next segment is waited for, and how much of each is kept: 4 MB in all. */
const MOST_STREAMS = 512
const LONGEST_HEAD = 8192

interface Head {
  bytes: Buffer
  nextSequence: number
  sourcePort: number
}

/**
 * The first bytes of streams, put together from segments that come in order. Only for as long as a decoder asks for more,
 * so that most streams are never here; a segment that is missing ends it. The stream begun first makes room.
 */
export class StreamHeads {
  private readonly heads = new Map<number, Head>()

  get size(): number {
    return this.heads.size
  }

  isWaiting(stream: number): boolean {
    return this.heads.has(stream)
  }

  /** What has come of the stream with this number, this segment included; a stream that nobody waits for is the segment. */
  join(stream: number, sourcePort: number, sequence: number, segment: Buffer): Buffer {
    const head = this.heads.get(stream)
    if (head === undefined) return segment
    this.heads.delete(stream)
    const isNext = head.sourcePort === sourcePort && head.nextSequence === sequence
    return isNext ? Buffer.concat([head.bytes, segment]) : segment
  }

  /** More is needed to read these bytes, whose last segment ends before `nextSequence`. */
  wait(stream: number, sourcePort: number, nextSequence: number, bytes: Buffer): void {
    if (bytes.length >= LONGEST_HEAD) return
    if (this.heads.size >= MOST_STREAMS) this.heads.delete(this.heads.keys().next().value!)
    this.heads.set(stream, { bytes: Buffer.from(bytes), nextSequence: nextSequence >>> 0, sourcePort })
  }
}
