/** A SIP message (RFC 3261 section 7): first line, headers in their order, and a body with its length. */
export function emitSip(firstLine: string, headers: [name: string, value: string][], body = ''): Buffer {
  const all = [...headers, ['Content-Length', String(Buffer.byteLength(body))]]
  return Buffer.from(`${firstLine}\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
}

/** Where the voice goes to, and that it is G.711 (RFC 8866). */
export const emitSessionDescription = (address: string, port: number, session: number): string =>
  [
    'v=0',
    `o=- ${session} ${session} IN IP4 ${address}`,
    's=call',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0`,
    'a=rtpmap:0 PCMU/8000',
    'a=ptime:20',
    'a=sendrecv',
    '',
  ].join('\r\n')
