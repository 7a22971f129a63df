import fc from 'fast-check'
import {
  emitAvPairs,
  MSV_AV_NB_COMPUTER_NAME,
  MSV_AV_NB_DOMAIN_NAME,
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

test('user names (R-126)', () => {
  expect(splitUser('PLANT\\sensor')).toEqual({ domain: 'PLANT', user: 'sensor' })
  expect(splitUser('sensor@plant.example')).toEqual({ domain: '', user: 'sensor@plant.example' })
  expect(splitUser('sensor')).toEqual({ domain: '', user: 'sensor' })
})
