import { createServer } from 'node:https'
import { isIPv6, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { buildApp } from './app'
import { openAuthority } from './authority'
import { CODE_LIFETIME_MS } from './codes'
import { ClueRemoval } from './clue-removal'
import { Enrolment } from './enrolment'
import { Fleet } from './fleet'
import { Operator } from './operator'
import { keptSecret, makePrivateFile, makePrivateFolder } from './private-file'
import { KEEP_DAYS, Retention } from './retention'
import { Sessions } from './sessions'
import { openSqliteStore } from './sqlite-store'
import { Upload } from './upload'

/** The platform program: one process, one HTTPS port, one folder. It is wired together here and nowhere else. */
export interface PlatformOptions {
  /** Where everything is kept: database, authority, operator key. Made when missing, for its owner only. */
  folder: string
  host: string
  /** 0: any that is free. */
  port: number
  /** Names and addresses the server's certificate is for, besides loopback and `host`. */
  names?: string[]
  /** How long a personalization code may be used. */
  codeLifetimeMs?: number
  /** For how many days flows are kept, counted from when they came in, and machines after they were told of last. */
  keepDays?: number
  now?: () => number
}

/** What another program has to know to use a platform that runs. */
export interface AnnouncedPlatform {
  url: string
  /** The certificate that sensors and browsers have to trust. */
  caFile: string
  /** Opens the pages in a browser; holds the operator key. */
  enterUrl: string
  operatorKey: string
}

export interface RunningPlatform extends AnnouncedPlatform {
  close(): Promise<void>
}

/** Start the platform; resolves when it answers. */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const { folder, host } = options
  const now = options.now ?? Date.now
  makePrivateFolder(folder)
  const operatorKey = await keptSecret(join(folder, 'operator.key'))
  const codeSecret = await keptSecret(join(folder, 'codes.key'))
  const authority = await openAuthority(folder, now())
  const names = certificateNames(host, options.names ?? [])
  const credential = await authority.serverCredential(names, now())
  const databaseFile = join(folder, 'platform.db')
  makePrivateFile(databaseFile)
  const store = openSqliteStore(databaseFile)

  const clues = new ClueRemoval(store)
  const sessions = new Sessions(store, clues, now)
  const upload = new Upload(store, now)
  const fleet = new Fleet(store, sessions, clues, codeSecret, options.codeLifetimeMs ?? CODE_LIFETIME_MS, now)
  const app = buildApp({
    store,
    fleet,
    enrolment: new Enrolment(store, authority, codeSecret, now),
    upload,
    operator: new Operator(operatorKey, now),
    now,
  })

  const tlsOptions = (pair: { key: string; certificate: string }) => ({
    key: pair.key,
    cert: pair.certificate,
    ca: authority.caCertificate,
    minVersion: 'TLSv1.2' as const,
  })
  const server = createServer(
    // A browser has no certificate and is welcome, so TLS only notes what it saw; the sensors' routes insist on one.
    { ...tlsOptions(credential), requestCert: true, rejectUnauthorized: false, handshakeTimeout: 10_000 },
    getRequestListener(app.fetch),
  )
  server.on('upgrade', (request, socket, head) => void sessions.upgrade(request, socket, head))
  const renewal = setInterval(() => {
    // A disk that is full now may have room in twelve hours, and there are thirty days to go.
    authority
      .serverCredential(names, now())
      .then((pair) => server.setSecureContext(tlsOptions(pair)))
      .catch((error: unknown) => console.error('nps platform: the server certificate is not renewed:', error))
  }, RENEWAL_CHECK_MS).unref()

  const retention = new Retention(store, (options.keepDays ?? KEEP_DAYS) * 86_400_000, now)
  retention.start()
  await clues.askWhereRefused()

  async function close(): Promise<void> {
    clearInterval(renewal)
    await retention.close()
    const closed = new Promise((resolve) => server.close(resolve))
    await sessions.close()
    server.closeAllConnections()
    await closed
    await upload.close()
    await clues.close()
    await store.close()
  }

  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(options.port, host, resolve)
    })
  } catch (error) {
    await close()
    throw error
  }
  const { port } = server.address() as AddressInfo
  const url = `https://${reachableAt(host, options.names ?? [])}:${port}`
  return { url, caFile: authority.caFile, enterUrl: `${url}/enter?key=${operatorKey}`, operatorKey, close }
}

const RENEWAL_CHECK_MS = 12 * 3_600_000

function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function certificateNames(host: string, names: readonly string[]): string[] {
  const all = [...names, ...(isAnyAddress(host) ? [] : [host]), 'localhost', '127.0.0.1', '::1']
  // The certificate gives addresses back in their short form, and names have no case.
  const plain = all.map((name) => (isIPv6(name) ? new URL(`https://[${name}]`).hostname.slice(1, -1) : name))
  return [...new Set(plain.map((name) => name.toLowerCase()))]
}

function reachableAt(host: string, names: readonly string[]): string {
  const name = isAnyAddress(host) ? (names[0] ?? '127.0.0.1') : host
  return isIPv6(name) ? `[${name}]` : name
}
