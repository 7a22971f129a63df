/** SSDP, the discovery of UPnP (UPnP Device Architecture 2.0 section 1): HTTP-like texts over UDP. */
export const emitSsdpSearch = (searchTarget: string, userAgent: string): Buffer =>
  lines('M-SEARCH * HTTP/1.1', {
    HOST: '239.255.255.250:1900',
    MAN: '"ssdp:discover"',
    MX: '1',
    ST: searchTarget,
    'USER-AGENT': userAgent,
  })

/** What a device answers a search with, or says unasked when `notify` is set. */
export function emitSsdpDevice(device: { location: string; server: string; uuid: string; notify: boolean }): Buffer {
  const target = 'upnp:rootdevice'
  const shared = {
    'CACHE-CONTROL': 'max-age=1800',
    LOCATION: device.location,
    SERVER: device.server,
    USN: `uuid:${device.uuid}::${target}`,
  }
  return device.notify
    ? lines('NOTIFY * HTTP/1.1', { HOST: '239.255.255.250:1900', NT: target, NTS: 'ssdp:alive', ...shared })
    : lines('HTTP/1.1 200 OK', { EXT: '', ST: target, ...shared })
}

const lines = (first: string, headers: Record<string, string>): Buffer =>
  Buffer.from([first, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n'))
