/** Streams whose next segment is waited for, and how much of each is kept: 4 MB in all. */
const MOST_STREAMS = 512
const LONGEST_HEAD = 8192

/** A power of two. */
const ENDINGS = 4096

interface Head {
  bytes: Buffer
  nextSequence: number
  sourcePort: number
}

/**
 * The first bytes of streams, put together from segments that come in order. Only for as long as a decoder asks for more,
 * so that most streams are never here; a segment that is missing ends it, and one that comes again, as on a port that mirrors
 * everything twice, does not. The stream begun first makes room.
 */
export class StreamHeads {
  private readonly heads = new Map<number, Head>()
  /** How many heads are of streams whose numbers end alike: most segments are of none, which this tells at once. */
  private readonly alike = new Uint16Array(ENDINGS)

  get size(): number {
    return this.heads.size
  }

  /** The bytes that wait for this segment, and do so no longer; undefined where it continues none, or comes again. */
  take(stream: number, sourcePort: number, sequence: number): Buffer | undefined {
    const head = this.alike[stream & (ENDINGS - 1)] === 0 ? undefined : this.heads.get(stream)
    if (head === undefined) return undefined
    const isOfIt = head.sourcePort === sourcePort
    const ahead = (sequence - head.nextSequence) | 0
    if (isOfIt && ahead < 0) return undefined
    this.forget(stream)
    return isOfIt && ahead === 0 ? head.bytes : undefined
  }

  /** More is needed to read these bytes, whose last segment ends before `nextSequence`. */
  wait(stream: number, sourcePort: number, nextSequence: number, bytes: Buffer): void {
    if (bytes.length >= LONGEST_HEAD) return
    if (this.heads.size >= MOST_STREAMS) this.forget(this.heads.keys().next().value!)
    if (!this.heads.has(stream)) this.alike[stream & (ENDINGS - 1)]!++
    this.heads.set(stream, { bytes: Buffer.from(bytes), nextSequence: nextSequence >>> 0, sourcePort })
  }

  private forget(stream: number): void {
    this.heads.delete(stream)
    this.alike[stream & (ENDINGS - 1)]!--
  }
}
