/** What there is of serialport to look at. */
export interface ModemPort {
  get(callback: (error: Error | null, status?: { cts: boolean; dsr: boolean; dcd: boolean }) => void): void
}

/**
 * Tells when somebody attaches or goes: a terminal that is there holds DTR and RTS, which arrive here as DSR, DCD and
 * CTS. Only changes count. With a three-wire cable none of them is ever up, with a looped plug they always are, and
 * neither says anything; so a fall means somebody has gone only after they were up. A pseudo-terminal has none and
 * says so (ENOTTY, or EINVAL, or something of its own): then nobody looks again.
 */
export class ModemLines {
  private wereUp: boolean | undefined
  private areThere = true

  constructor(
    private readonly port: ModemPort,
    private readonly changed: (isThere: boolean) => void,
  ) {}

  look(): void {
    if (!this.areThere) return
    this.port.get((error, status) => {
      this.areThere = !error && status !== undefined
      if (status === undefined) return
      const areUp = status.dsr || status.dcd || status.cts
      const isChange = this.wereUp !== undefined && areUp !== this.wereUp
      this.wereUp = areUp
      if (isChange) this.changed(areUp)
    })
  }
}
