import { createCipheriv, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { md4 } from '../../../src/link/md4'
import { fieldOf, NEGOTIATE_NTLM, NEGOTIATE_UNICODE, SIGNATURE, utf16 } from '../../../src/link/ntlm'

/**
 * An HTTP proxy of NTLMv1 days, as some still run: it tunnels for the one account that it knows, proven by NTLMv1, and
 * knows of nothing newer. A program, since it stands on a machine of the lab.
 *
 *     ntlm-v1-proxy PORT USER PASSWORD
 */
const [port = '0', user = '', password = ''] = process.argv.slice(2)

/** [MS-NLMP] section 2.2.1.2, without the target information and the session security that came with NTLMv2. */
function challengeMessage(serverChallenge: Buffer): Buffer {
  const message = Buffer.alloc(32)
  SIGNATURE.copy(message)
  message.writeUInt32LE(2, 8)
  message.writeUInt32LE(message.length, 16)
  message.writeUInt32LE(NEGOTIATE_UNICODE | NEGOTIATE_NTLM, 20)
  serverChallenge.copy(message, 24)
  return message
}

/** Section 3.3.1: the hash of the password in three parts, with each of which DES encrypts the challenge. */
function ntResponse(serverChallenge: Buffer): Buffer {
  const hash = Buffer.concat([md4(utf16(password)), Buffer.alloc(5)])
  return Buffer.concat([0, 7, 14].map((at) => des(hash.subarray(at, at + 7), serverChallenge)))
}

/** OpenSSL has put DES away, but three times the same key is DES. */
function des(sevenBytes: Buffer, block: Buffer): Buffer {
  const bits = BigInt(`0x${sevenBytes.toString('hex')}`)
  // Seven bits to a byte; the eighth is a parity that nobody looks at.
  const key = Buffer.from(Array.from({ length: 8 }, (_, at) => Number((bits >> BigInt(49 - 7 * at)) & 0x7fn) << 1))
  const cipher = createCipheriv('des-ede3', Buffer.concat([key, key, key]), null).setAutoPadding(false)
  return Buffer.concat([cipher.update(block), cipher.final()])
}

function isRight(authenticate: Buffer, serverChallenge: Buffer): boolean {
  if (authenticate.length < 64) return false
  const [response, name] = [fieldOf(authenticate, 20), fieldOf(authenticate, 36)]
  const wanted = ntResponse(serverChallenge)
  if (response?.length !== wanted.length || name?.toString('utf16le') !== user) return false
  return timingSafeEqual(response, wanted)
}

const challenges = new WeakMap<Socket, Buffer>()
const proxy = createServer((_request, response) => response.writeHead(405).end())
proxy.on('connect', ({ url = '', headers }, socket: Socket) => {
  const [, token = ''] = /^NTLM (\S+)$/.exec(headers['proxy-authorization'] ?? '') ?? []
  const message = Buffer.from(token, 'base64')
  const serverChallenge = challenges.get(socket)
  socket.on('error', () => socket.destroy())
  if (serverChallenge !== undefined && isRight(message, serverChallenge)) {
    console.log('let in')
    const [, host = '', to = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(url) ?? []
    const far = connect(Number(to), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(far).pipe(socket)
    })
    far.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
    return
  }
  challenges.delete(socket)
  const isFirst = message.length >= 12 && message.readUInt32LE(8) === 1
  const fresh = randomBytes(8)
  if (isFirst) challenges.set(socket, fresh)
  const offer = isFirst ? `NTLM ${challengeMessage(fresh).toString('base64')}` : 'NTLM'
  socket.write(`HTTP/1.1 407 Login\r\nProxy-Authenticate: ${offer}\r\nContent-Length: 0\r\n\r\n`)
  // NTLM goes on in the same connection: what comes next is a request again.
  proxy.emit('connection', socket)
})
proxy.listen(Number(port))
