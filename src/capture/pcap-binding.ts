/**
 * The native part of npm's `pcap`, which is libpcap. Its JavaScript part is passed over: the decoders there check no
 * lengths, and its event-loop watcher falls silent for good when the port goes down once.
 */
export interface PcapBinding {
  PcapSession: new () => PcapHandle
}

/** One open port. */
export interface PcapHandle {
  /** Answers the link type's name, or `Unknown linktype N`. Throws Error with libpcap's own text. */
  open_live(
    port: string,
    filter: string,
    ringBytes: number,
    snapLength: number,
    dumpTo: string,
    onPacket: () => void,
    isMonitorMode: boolean,
    timeoutMs: number,
    onWarning: (text: string) => void,
    isPromiscuous: boolean,
  ): string
  /**
   * Call `onPacket` for each waiting packet, with the packet in `packet` and its header in `header` (seconds,
   * microseconds, captured length, wire length; 32 bits each, in the machine's order). Returns when none waits:
   * 0, -1 after an error, -2 once the handle is freed, after which nothing of it may be called.
   */
  dispatch(packet: Buffer, header: Buffer): number
  /** 32-bit counts, since the port was opened. */
  stats(): { ps_recv: number; ps_drop: number }
  /** Ask for the handle to be freed: `dispatch` does it when it next meets a packet. */
  close(): void
}

/** Load it. Throws Error in plain words where it is not built. */
export function loadPcapBinding(): PcapBinding {
  try {
    // Loaded when a port is opened and not before: a machine without it replays capture files as well as any.
    return require('pcap/build/Release/pcap_binding.node') as PcapBinding
  } catch (error) {
    throw new Error(
      'Live capture is not built in. Install the Debian packages libpcap-dev, g++, make and python3, then run `npm ci`.',
      { cause: error },
    )
  }
}
