import { createPrivateKey, createPublicKey, generateKeyPair, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { bitString, integer, objectIdentifier, pem, sequence, setOf, tagged, utf8String } from './der'

const COMMON_NAME = '2.5.4.3'
/** RFC 5758 section 3.2. */
export const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'

/** A new P-256 private key, PKCS#8 in PEM. */
export async function newKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'prime256v1' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
}

/**
 * A PKCS#10 request (RFC 2986) for this key in PEM. The name is a wish; the platform puts its own into the certificate.
 *
 *     CertificationRequest ::= SEQUENCE {
 *         info       SEQUENCE { version 0, subject Name, subjectPKInfo, attributes [0] },
 *         algorithm  ecdsa-with-SHA256,
 *         signature  BIT STRING }
 */
export function certificateRequest(keyPem: string, commonName: string): string {
  const key = createPrivateKey(keyPem)
  const info = sequence(
    integer(Buffer.from([0])),
    distinguishedName(commonName),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    tagged(0),
  )
  const algorithm = sequence(objectIdentifier(ECDSA_WITH_SHA256))
  return pem('CERTIFICATE REQUEST', sequence(info, algorithm, bitString(sign('sha256', info, key))))
}

/** A name of one part, `CN=...`. */
export function distinguishedName(commonName: string): Buffer {
  return sequence(setOf(sequence(objectIdentifier(COMMON_NAME), utf8String(commonName))))
}
