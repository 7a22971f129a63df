/** Sends messages to one collector. */
export interface Sender {
  /** No message may be longer. */
  readonly messageBytes: number
  /**
   * A connection: a collector that starts anew is a new one, and the templates are sent once. Without, nobody notices,
   * and they are sent again and again (RFC 7011 section 8.4).
   */
  readonly isStream: boolean
  /** May this be used on, or is a new one to be opened? */
  isCurrent(): Promise<boolean>
  /** Resolves when the network has taken it; paces itself. Rejects when it cannot be sent. */
  send(message: Buffer): Promise<void>
  /** Resolves when a refusal of what was sent would be back. */
  settle(): Promise<void>
  /** What the network said since this was asked last, such as that nobody listens there; empty when nothing. */
  takeComplaint(): string
  /** Let what was sent get there, then end. Never rejects. */
  close(): Promise<void>
}
