import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import {
  authenticateMessage,
  type AvPair,
  emitAvPairs,
  fieldOf,
  MSV_AV_FLAGS,
  MSV_AV_NB_COMPUTER_NAME,
  MSV_AV_NB_DOMAIN_NAME,
  MSV_AV_TARGET_NAME,
  MSV_AV_TIMESTAMP,
  negotiateMessage,
  ntowfV2,
  parseAvPairs,
  parseChallenge,
  respond,
  splitUser,
  utf16,
  whyNoNtlmV2,
} from '../../src/link/ntlm'

// [MS-NLMP] section 4.2.1: the values all examples share.
const key = ntowfV2('User', 'Password', 'Domain')
const serverChallenge = Buffer.from('0123456789abcdef', 'hex')
const clientChallenge = Buffer.from('aaaaaaaaaaaaaaaa', 'hex')
const targetInfo = emitAvPairs([
  { id: MSV_AV_NB_DOMAIN_NAME, value: utf16('Domain') },
  { id: MSV_AV_NB_COMPUTER_NAME, value: utf16('Server') },
])

describe('[MS-NLMP] section 4.2.4', () => {
  const proof = respond({ key, serverChallenge, clientChallenge, timestamp: Buffer.alloc(8), targetInfo })

  test('4.2.4.1.1 NTOWFv2', () => {
    expect(key.toString('hex')).toBe('0c868a403bfd7a93a3001ef22ef02e3f')
  })

  test('4.2.4.1.2 session base key', () => {
    expect(proof.sessionKey.toString('hex')).toBe('8de40ccadbc14a82f15cb0ad0de95ca3')
  })

  test('4.2.4.2.1 LMv2 response', () => {
    expect(proof.lmResponse.toString('hex')).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa')
  })

  test('4.2.4.2.2 NTLMv2 response', () => {
    expect(proof.ntResponse.subarray(0, 16).toString('hex')).toBe('68cd0ab851e51c96aabc927bebef6a1c')
  })
})

// Section 4.2.4.3: domain Domain, server Server, flags e28a8233.
const CHALLENGE = Buffer.from(
  '4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef00000000000000002400240044000000' +
    '060070170000000f530065007200760065007200' +
    '02000c0044006f006d00610069006e0001000c0053006500720076006500720000000000',
  'hex',
)

test('4.2.4.3 the challenge is taken apart', () => {
  const challenge = parseChallenge(CHALLENGE)!
  expect(challenge.serverChallenge).toEqual(serverChallenge)
  expect(emitAvPairs(challenge.targetInfo)).toEqual(targetInfo)
  expect(whyNoNtlmV2(challenge)).toBe('')
})

test('a challenge cut anywhere, or of any bytes, is refused without a throw', () => {
  for (let length = 0; length < CHALLENGE.length; length++) parseChallenge(CHALLENGE.subarray(0, length))
  expect(parseChallenge(CHALLENGE.subarray(0, CHALLENGE.length - 1))).toBeUndefined()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (tail) => {
      const message = Buffer.concat([CHALLENGE.subarray(0, 12), Buffer.from(tail)])
      parseChallenge(message)
      parseAvPairs(Buffer.from(tail))
    }),
  )
})

test('a server of NTLMv1 days or older is told from one that takes NTLMv2', () => {
  const challenge = parseChallenge(CHALLENGE)!
  expect(whyNoNtlmV2({ ...challenge, flags: 0x00000203, targetInfo: [] })).toMatch(/NTLMv1 only/)
  expect(whyNoNtlmV2({ ...challenge, flags: 0x00000001, targetInfo: [] })).toMatch(/LM only/)
})

describe('message 3', () => {
  const challengeWith = (pairs: AvPair[]) => {
    const info = emitAvPairs(pairs)
    const header = Buffer.from(CHALLENGE.subarray(0, 68))
    header.writeUInt16LE(info.length, 40)
    header.writeUInt16LE(info.length, 42)
    return Buffer.concat([header, info])
  }
  const domain = { id: MSV_AV_NB_DOMAIN_NAME, value: utf16('Domain') }
  const timestamp = { id: MSV_AV_TIMESTAMP, value: Buffer.from('1122334455667788', 'hex') }
  const who = { domain: 'Domain', user: 'User', password: 'Password' }
  const answerTo = (challenge: Buffer) => {
    const rest = { who, workstation: 'NPS', proxyHost: 'proxy.example', clientChallenge, nowMs: Date.UTC(2026, 0, 1) }
    const message = authenticateMessage({ negotiate: negotiateMessage(), challenge, ...rest })
    const ntResponse = fieldOf(message, 20)!
    const pairs = new Map(parseAvPairs(ntResponse.subarray(44))!.map(({ id, value }) => [id, value]))
    return { message, lmResponse: fieldOf(message, 12)!, ntResponse, pairs }
  }

  test('to a server that sends its time: that time, no LMv2, and an integrity code (section 3.1.5.1.2)', () => {
    const challenge = challengeWith([domain, timestamp])
    const { message, lmResponse, ntResponse, pairs } = answerTo(challenge)
    expect(ntResponse.subarray(24, 32)).toEqual(timestamp.value)
    expect(lmResponse).toEqual(Buffer.alloc(24))
    expect(pairs.get(MSV_AV_FLAGS)!.readUInt32LE(0)).toBe(2)
    // The code written out as the section has it, not by our own functions.
    const blank = Buffer.concat([message.subarray(0, 72), Buffer.alloc(16), message.subarray(88)])
    const sessionKey = createHmac('md5', key).update(ntResponse.subarray(0, 16)).digest()
    const mic = createHmac('md5', sessionKey).update(negotiateMessage()).update(challenge).update(blank).digest()
    expect(message.subarray(72, 88)).toEqual(mic)
  })

  test('to one that sends none: our time, LMv2, and no integrity code', () => {
    const { message, lmResponse, ntResponse, pairs } = answerTo(challengeWith([domain]))
    // 1 January 2026 is 134,116,992,000,000,000 times 100 ns after 1 January 1601.
    expect(ntResponse.readBigUInt64LE(24)).toBe(134_116_992_000_000_000n)
    expect(lmResponse.toString('hex')).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa')
    expect(pairs.has(MSV_AV_FLAGS)).toBe(false)
    expect(message.subarray(72, 88)).toEqual(Buffer.alloc(16))
  })

  test('names the proxy and the user, and holds no password', () => {
    const { message, pairs } = answerTo(challengeWith([domain, timestamp]))
    expect(pairs.get(MSV_AV_TARGET_NAME)!.toString('utf16le')).toBe('HTTP/proxy.example')
    expect(pairs.get(MSV_AV_NB_DOMAIN_NAME)).toEqual(domain.value)
    expect([28, 36, 44].map((at) => fieldOf(message, at)!.toString('utf16le'))).toEqual(['Domain', 'User', 'NPS'])
    expect(message.includes(utf16('Password'))).toBe(false)
  })
})

test('user names (R-126)', () => {
  expect(splitUser('PLANT\\sensor')).toEqual({ domain: 'PLANT', user: 'sensor' })
  expect(splitUser('sensor@plant.example')).toEqual({ domain: '', user: 'sensor@plant.example' })
  expect(splitUser('sensor')).toEqual({ domain: '', user: 'sensor' })
})
