import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import { x509 } from '../../src/platform/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000

export interface Pair {
  key: string
  cert: string
}

/** An authority made for one test. */
export interface ThrowawayCa {
  /** PEM. */
  cert: string
  /** A certificate for these names and addresses, valid from yesterday until `days` from now. */
  issue(names: string[], days?: number): Promise<Pair>
}

export async function throwawayCa(name: string): Promise<ThrowawayCa> {
  const keys = await newKeys()
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - 10 * DAY_MS),
    notAfter: new Date(Date.now() + 10 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  })
  return {
    cert: ca.toString('pem'),
    async issue(names, days = 2) {
      const own = await newKeys()
      const cert = await x509.X509CertificateGenerator.create({
        serialNumber: '02',
        subject: 'CN=test',
        issuer: ca.subject,
        notBefore: new Date(Date.now() - 5 * DAY_MS),
        notAfter: new Date(Date.now() + days * DAY_MS),
        signingAlgorithm: ALGORITHM,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new x509.SubjectAlternativeNameExtension(
            names.map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name })),
          ),
        ],
      })
      const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64')
      return { key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`, cert: cert.toString('pem') }
    },
  }
}

function newKeys() {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}
