import { createHash, createPrivateKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { readIfThere, writeDurably } from '../files/durable-files'
import { x509 } from './x509'

/**
 * The platform's own certificate authority. It signs two kinds of certificate: the one the platform shows to
 * sensors and browsers, and one for each enrolled sensor (G-07). Every key is P-256.
 */
export interface Authority {
  /** The file people give to sensors and browsers. */
  caFile: string
  caCertificate: string
  /** Key and certificate of the server, PEM; made anew when near its end or when the names have changed. */
  serverCredential(names: readonly string[], nowMs: number): Promise<{ key: string; certificate: string }>
  /** A certificate for the key of a request. The subject asked for is ignored: it becomes the sensor's id. */
  signSensor(request: SensorRequest, sensorId: string, nowMs: number): Promise<SensorCertificate>
}

/** A certificate request whose own signature has been checked. */
export interface SensorRequest {
  publicKey: InstanceType<typeof x509.PublicKey>
  /** SHA-256 of the public key, hexadecimal. */
  keyFingerprint: string
}

export interface SensorCertificate {
  pem: string
  /** SHA-256 of the certificate as Node writes it: colon-separated upper-case hexadecimal. */
  fingerprint: string
  serial: string
  expiresAtMs: number
}

const DAY_MS = 86_400_000
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** Appliances start with whatever clock they have (G-09), so a new certificate must not look like tomorrow's. */
const BACKDATE_MS = 2 * DAY_MS
const CA_DAYS = 7300
/** Browsers take no server certificate of more than 398 days, the backdated ones included. */
const SERVER_DAYS = 395
const RENEW_DAYS = 30
/** The link knows no renewal yet, so a sensor's certificate has to last as long as the appliance. What ends it
 * sooner is deregistration, which the platform checks on every connection. */
const SENSOR_DAYS = 3650

/** Open the authority of a folder, making its key and certificate on first start. */
export async function openAuthority(folder: string, nowMs: number): Promise<Authority> {
  const caFile = join(folder, 'ca.pem')
  const keyFile = join(folder, 'ca-key.pem')
  let caCertificate = await readText(caFile)
  if (caCertificate === undefined) {
    // The key is written first: a start that was cut between the two makes both again, and nothing is signed yet.
    const made = await makeAuthority(nowMs)
    await writeDurably({ path: keyFile, text: made.key, mode: 0o600 })
    await writeDurably({ path: caFile, text: made.certificate, mode: 0o644 })
    caCertificate = made.certificate
  }
  const keyText = await readText(keyFile)
  if (keyText === undefined) {
    throw new Error(`${keyFile} is gone: sensors trust ${caFile} and no other. Bring the key back from a backup.`)
  }
  const ca = new x509.X509Certificate(caCertificate)
  if (!new X509Certificate(caCertificate).checkPrivateKey(createPrivateKey(keyText))) {
    throw new Error(`${keyFile} is not the key of ${caFile}`)
  }
  const signingKey = await importKey(keyText)

  return {
    caFile,
    caCertificate,
    async serverCredential(names, nowMs) {
      const certificateFile = join(folder, 'server.pem')
      const serverKeyFile = join(folder, 'server-key.pem')
      const kept = { key: await readText(serverKeyFile), certificate: await readText(certificateFile) }
      if (kept.key !== undefined && kept.certificate !== undefined) {
        if (serves(kept.key, kept.certificate, caCertificate, names, nowMs)) {
          return { key: kept.key, certificate: kept.certificate }
        }
      }
      const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: newSerial(),
        subject: [{ O: ['Network Passive Sensor Platform'] }, { CN: [names[0] ?? 'localhost'] }],
        issuer: ca.subject,
        notBefore: new Date(nowMs - BACKDATE_MS),
        notAfter: new Date(nowMs + SERVER_DAYS * DAY_MS),
        signingAlgorithm: ALGORITHM,
        publicKey: keys.publicKey,
        signingKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension(
            names.map((name) => ({ type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const), value: name })),
          ),
          await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey),
          await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        ],
      })
      const made = { key: exportKey(keys.privateKey), certificate: certificate.toString('pem') + '\n' }
      await writeDurably({ path: serverKeyFile, text: made.key, mode: 0o600 })
      await writeDurably({ path: certificateFile, text: made.certificate, mode: 0o644 })
      return made
    },
    async signSensor(request, sensorId, nowMs) {
      const serial = newSerial()
      const expiresAtMs = nowMs + SENSOR_DAYS * DAY_MS
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: serial,
        subject: [{ CN: [sensorId] }],
        issuer: ca.subject,
        notBefore: new Date(nowMs - BACKDATE_MS),
        notAfter: new Date(expiresAtMs),
        signingAlgorithm: ALGORITHM,
        publicKey: request.publicKey,
        signingKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
          await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey),
          await x509.SubjectKeyIdentifierExtension.create(request.publicKey),
        ],
      })
      const pem = certificate.toString('pem') + '\n'
      return { pem, fingerprint: new X509Certificate(pem).fingerprint256, serial, expiresAtMs }
    },
  }
}

/**
 * Read a PKCS#10 request (RFC 2986). Undefined when it is not one, is signed by another key than it names, or brings
 * a key that is not P-256.
 */
export async function readSensorRequest(pem: string): Promise<SensorRequest | undefined> {
  try {
    const request = new x509.Pkcs10CertificateRequest(pem)
    const algorithm = request.publicKey.algorithm as { name: string; namedCurve?: string }
    if (algorithm.name !== 'ECDSA' || algorithm.namedCurve !== 'P-256') return undefined
    if (!(await request.verify())) return undefined
    const keyFingerprint = createHash('sha256').update(Buffer.from(request.publicKey.rawData)).digest('hex')
    return { publicKey: request.publicKey, keyFingerprint }
  } catch {
    // The library throws many kinds of error for many kinds of nonsense. All of them mean the same to us.
    return undefined
  }
}

async function makeAuthority(nowMs: number): Promise<{ key: string; certificate: string }> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    // Two platforms must not have authorities of one name, or a browser that knows both tries the wrong key.
    name: [{ O: ['Network Passive Sensor Platform'] }, { CN: [`Platform CA ${randomBytes(4).toString('hex')}`] }],
    notBefore: new Date(nowMs - BACKDATE_MS),
    notAfter: new Date(nowMs + CA_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { key: exportKey(keys.privateKey), certificate: certificate.toString('pem') + '\n' }
}

/** Is this pair still good: of one key, signed by this authority, for exactly these names, with time left? */
function serves(key: string, certificate: string, ca: string, names: readonly string[], nowMs: number): boolean {
  try {
    const shown = new X509Certificate(certificate)
    const alternatives = new x509.X509Certificate(certificate).getExtension(x509.SubjectAlternativeNameExtension)
    const named = alternatives?.names.items.map((name) => name.value) ?? []
    return (
      shown.checkPrivateKey(createPrivateKey(key)) &&
      shown.verify(new X509Certificate(ca).publicKey) &&
      named.length === names.length &&
      names.every((name) => named.includes(name)) &&
      Date.parse(shown.validTo) - nowMs > RENEW_DAYS * DAY_MS
    )
  } catch {
    // A damaged file is made anew like one that is too old.
    return false
  }
}

async function readText(path: string): Promise<string | undefined> {
  return (await readIfThere(path))?.toString()
}

/** RFC 5280 section 4.1.2.2: positive, at most 20 octets; 16 random octets cannot meet again. */
function newSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes.toString('hex')
}

function exportKey(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }) as string
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' })
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign'])
}
