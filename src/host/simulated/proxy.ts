import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { NtlmServer } from './proxy-ntlm'

/** What a simulated proxy asks of its users. */
export interface ProxyDemands {
  /** `any`: no authentication is needed, and what is offered is taken, NTLM after its whole handshake. */
  auth: 'any' | 'none' | 'basic' | 'ntlm'
  /** The one account of `basic` and `ntlm`; without it every user and password is right. */
  account?: { user: string; password: string }
}

/** A small real HTTP proxy on loopback that knows CONNECT and nothing else (R-115: it tunnels, it never looks in). */
export class SimulatedProxy {
  private readonly server = createServer((_, response) => response.writeHead(405, { Allow: 'CONNECT' }).end())
  private readonly ntlm = new WeakMap<Socket, NtlmServer>()
  private readonly open = new Set<Socket>()
  private listening: Promise<number> | undefined

  constructor(
    private readonly demands: ProxyDemands,
    private readonly reach: (host: string, port: number) => Promise<Socket>,
  ) {
    this.server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      void this.answer(request, socket, head)
    })
    this.server.on('connection', (socket: Socket) => this.keep(socket))
  }

  /** Its port on loopback; it starts when first asked. */
  port(): Promise<number> {
    this.listening ??= new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(0, '127.0.0.1', () => {
        // A demo that is over must be able to end; the proxy alone keeps no process alive.
        this.server.unref()
        resolve((this.server.address() as AddressInfo).port)
      })
    })
    return this.listening
  }

  close(): void {
    this.server.close()
    for (const socket of this.open) socket.destroy()
  }

  private async answer(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const refusal = this.refusal(request, socket)
    if (refusal) {
      socket.write(emitRefusal(refusal))
      // NTLM goes on in the same connection: what comes next is a request again.
      if (head.length > 0) socket.unshift(head)
      this.server.emit('connection', socket)
      return
    }
    const [, host = '', port = ''] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(request.url ?? '') ?? []
    try {
      const far = this.keep(await this.reach(host, Number(port)))
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      if (head.length > 0) far.write(head)
      socket.pipe(far)
      far.pipe(socket)
      socket.on('close', () => far.destroy())
      far.on('close', () => socket.destroy())
    } catch {
      socket.end(emitRefusal({ status: '502 Bad Gateway', authenticate: [] }))
    }
  }

  /** Why this request is not let through, or undefined. */
  private refusal(request: IncomingMessage, socket: Socket): { status: string; authenticate: string[] } | undefined {
    const { auth, account } = this.demands
    const offers = { any: [], none: [], basic: ['Basic realm="simulated"'], ntlm: ['NTLM'] }[auth]
    const no = (authenticate: string[]) => ({ status: '407 Proxy Authentication Required', authenticate })
    const [, scheme = '', token = ''] = /^(\S+)\s+(\S+)$/.exec(request.headers['proxy-authorization'] ?? '') ?? []
    const bytes = Buffer.from(token, 'base64')

    if (scheme === 'NTLM' && (auth === 'ntlm' || auth === 'any')) {
      const begun = this.ntlm.get(socket)
      if (begun) {
        this.ntlm.delete(socket)
        return begun.accepts(bytes, account) ? undefined : no(['NTLM'])
      }
      const server = new NtlmServer()
      const challenge = server.challengeFor(bytes)
      if (challenge) this.ntlm.set(socket, server)
      return no([challenge ? `NTLM ${challenge.toString('base64')}` : 'NTLM'])
    }
    if (auth === 'any' || auth === 'none') return undefined
    if (auth === 'basic' && scheme === 'Basic') {
      if (!account || bytes.toString('utf8') === `${account.user}:${account.password}`) return undefined
    }
    return no(offers)
  }

  private keep(socket: Socket): Socket {
    if (this.open.has(socket)) return socket
    this.open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.open.delete(socket))
    return socket
  }
}

function emitRefusal(refusal: { status: string; authenticate: string[] }): string {
  const page = `<html><body><h1>${refusal.status}</h1></body></html>\n`
  return [
    `HTTP/1.1 ${refusal.status}`,
    ...refusal.authenticate.map((offer) => `Proxy-Authenticate: ${offer}`),
    'Content-Type: text/html',
    `Content-Length: ${page.length}`,
    'Connection: keep-alive',
    '',
    page,
  ].join('\r\n')
}
