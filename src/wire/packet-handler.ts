/**
 * Called for each packet. `bytes` from `start` to `end` is the captured frame, good only until the call returns:
 * the source fills the same memory again. `wireBytes` is its length on the wire, `atMicros` microseconds since
 * 1970, `linkType` a number of the tcpdump LINKTYPE_ registry. Plain arguments, so nothing is allocated.
 */
export type PacketHandler = (
  bytes: Buffer,
  start: number,
  end: number,
  wireBytes: number,
  atMicros: number,
  linkType: number,
) => void
