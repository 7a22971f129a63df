import { berElements, berInteger, type BerElement } from '../ber'
import { speaker, type Voice } from '../voice'

// Kerberos (RFC 4120 section 5.4.1): a request for a ticket, application tag 10 (AS-REQ), whose body names the client. A
// machine's own account is its name with a dollar sign; Windows also sends the machine's NetBIOS name among the addresses.

const AS_REQUEST = 0x6a
const BODY = 0xa4
const CLIENT_NAME = 0xa1
const REALM = 0xa2
const ADDRESSES = 0xa9
const ADDRESS_NETBIOS = 20

/** Over TCP the length comes first (section 7.2.2). */
const TCP_LENGTH = 4

export interface KerberosRequest {
  client: string
  realm: string
  netbios: string
}

function inside(elements: readonly BerElement[], tag: number): BerElement[] {
  const found = elements.find((element) => element.tag === tag)
  return found === undefined ? [] : berElements(found.contents)
}

/** Of a text that is cut there is none. */
function textOf(element: BerElement | undefined): string {
  return element?.isWhole === true ? element.contents.toString('latin1') : ''
}

export function parseKerberosRequest(bytes: Buffer): KerberosRequest | undefined {
  const [request] = berElements(bytes, 1)
  if (request?.tag !== AS_REQUEST) return undefined
  const [sequence] = berElements(request.contents, 1)
  const [body] = inside(berElements(sequence?.contents ?? Buffer.alloc(0)), BODY)
  if (body === undefined) return undefined
  const fields = berElements(body.contents)
  const [name] = inside(fields, CLIENT_NAME)
  const names = inside(berElements(name?.contents ?? Buffer.alloc(0)), 0xa1)
  const client = names[0]?.isWhole === true ? berElements(names[0].contents).map(textOf) : []
  const realm = textOf(inside(fields, REALM)[0])
  let netbios = ''
  for (const { contents } of berElements(inside(fields, ADDRESSES)[0]?.contents ?? Buffer.alloc(0))) {
    const parts = berElements(contents)
    const type = inside(parts, 0xa0)[0]
    const value = inside(parts, 0xa1)[0]
    if (type !== undefined && value !== undefined && berInteger(type.contents) === ADDRESS_NETBIOS) {
      netbios = textOf(value).trim()
    }
  }
  return { client: client.join('/'), realm, netbios }
}

export const KERBEROS: Voice = {
  source: 'kerberos',
  udp: [88],
  tcp: [88],
  mayTell: (bytes, at) => bytes[at] === AS_REQUEST || bytes[at + TCP_LENGTH] === AS_REQUEST,
  hear(heard, notes) {
    if (heard.destination.port !== 88) return
    const bytes = heard.isTcp ? heard.bytes.subarray(TCP_LENGTH) : heard.bytes
    const request = parseKerberosRequest(bytes)
    if (request === undefined) return
    const { client, realm, netbios } = request
    if (client.endsWith('$')) notes.add(speaker(heard), 'hostname', client.slice(0, -1), 78)
    if (netbios !== '') notes.add(speaker(heard), 'hostname', netbios, 80)
    if (realm !== '') notes.add(speaker(heard), 'domain', realm, 60)
  },
}
