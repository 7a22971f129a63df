import { LLDP_TELEPHONE } from '../emit/lldp'
import { emitRtp, RTP_PACKET_MICROS, RTP_PAYLOAD_BYTES } from '../emit/rtp'
import { emitSessionDescription, emitSip } from '../emit/sip'
import type { Machine } from '../machine'
import { UdpExchange } from '../mirror'
import type { Random } from '../random'
import type { Clock, Scene } from '../timeline'
import { sayLldp } from './announcements'
import type { Stage } from './stage'

const SIP_PORT = 5060
const USER_AGENT = 'Example Desk Phone 46 66.86.0.15'

/** Two desk phones register at the exchange; after a while one calls the other, and they talk for a minute. */
export function* telephone(stage: Stage, clock: Clock, random: Random, caller: Machine, callee: Machine): Scene {
  const { mirror, premises } = stage
  for (const phone of [caller, callee]) {
    yield sayLldp(stage, clock, phone, 'WAN PORT', 'Example Desk Phone 46', LLDP_TELEPHONE)
    clock.wait(700_000)
  }
  const line = (phone: Machine) => new UdpExchange(mirror, clock, phone.v4, SIP_PORT, premises.pbx.v4, SIP_PORT)
  const lines = { caller: line(caller), callee: line(callee) }
  yield* register(stage, clock, random, caller, lines.caller)
  yield* register(stage, clock, random, callee, lines.callee)
  clock.waitSeconds(random.between(5, 60))
  if (clock.atMicros < stage.endMicros) yield* call(stage, clock, random, caller, callee, lines)
}

/** REGISTER, once refused for want of a password (RFC 3261 section 10). */
function* register(stage: Stage, clock: Clock, random: Random, phone: Machine, line: UdpExchange): Scene {
  const { domain } = stage.premises
  const name = numberOf(phone)
  const id = random.bytes(8).toString('hex')
  const nonce = random.bytes(16).toString('hex')
  const digest = `Digest username="${name}", realm="${domain}", nonce="${nonce}", uri="sip:${domain}", response="${random.bytes(16).toString('hex')}", algorithm=MD5`
  for (const sequence of [1, 2]) {
    const shared: [string, string][] = [
      ['Via', `SIP/2.0/UDP ${phone.v4.address.text}:${SIP_PORT};branch=z9hG4bK${id}${sequence}`],
      ['From', `<sip:${name}@${domain}>;tag=${id.slice(0, 8)}`],
      ['Call-ID', `${id}@${phone.v4.address.text}`],
      ['CSeq', `${sequence} REGISTER`],
    ]
    yield line.fromClient(
      emitSip(`REGISTER sip:${domain} SIP/2.0`, [
        ...shared,
        ['To', `<sip:${name}@${domain}>`],
        ['Contact', contactOf(phone)],
        ['Max-Forwards', '70'],
        ['User-Agent', USER_AGENT],
        ...(sequence === 2 ? ([['Authorization', digest]] as [string, string][]) : []),
        ['Expires', '3600'],
      ]),
    )
    line.awaitServer(2_000)
    const refusal: [string, string] = ['WWW-Authenticate', `Digest realm="${domain}", nonce="${nonce}", algorithm=MD5`]
    yield line.fromServer(
      emitSip(sequence === 1 ? 'SIP/2.0 401 Unauthorized' : 'SIP/2.0 200 OK', [
        ...shared,
        ['To', `<sip:${name}@${domain}>;tag=${nonce.slice(0, 8)}`],
        ['Server', 'Asterisk PBX 20.6.0'],
        sequence === 1 ? refusal : ['Contact', `${contactOf(phone)};expires=3600`],
      ]),
    )
    clock.wait(30_000)
  }
}

/** The exchange passes the invitation on; the voice then goes from phone to phone. */
function* call(
  stage: Stage,
  clock: Clock,
  random: Random,
  caller: Machine,
  callee: Machine,
  lines: { caller: UdpExchange; callee: UdpExchange },
): Scene {
  const { domain, pbx } = stage.premises
  const id = random.bytes(8).toString('hex')
  const ports = { caller: 11_780 + 2 * random.between(0, 50), callee: 11_980 + 2 * random.between(0, 50) }
  const from = `<sip:${numberOf(caller)}@${domain}>;tag=${id.slice(0, 8)}`
  const to = `<sip:${numberOf(callee)}@${domain}>`
  const message = (first: string, via: Machine, method: string, body = '', isAnswered = true) =>
    emitSip(
      first,
      [
        ['Via', `SIP/2.0/UDP ${via.v4.address.text}:${SIP_PORT};branch=z9hG4bK${id}${method}`],
        ['From', from],
        ['To', isAnswered ? `${to};tag=${id.slice(8)}` : to],
        ['Call-ID', `${id}@${caller.v4.address.text}`],
        ['CSeq', `${method === 'BYE' ? 2 : 1} ${method}`],
        ['Contact', contactOf(via)],
        ['Max-Forwards', '70'],
        ...(body ? ([['Content-Type', 'application/sdp']] as [string, string][]) : []),
      ],
      body,
    )
  const offer = emitSessionDescription(caller.v4.address.text, ports.caller, random.between(1, 1e9))
  const accept = emitSessionDescription(callee.v4.address.text, ports.callee, random.between(1, 1e9))
  const invitation = `INVITE sip:${numberOf(callee)}@${domain} SIP/2.0`

  yield lines.caller.fromClient(message(invitation, caller, 'INVITE', offer, false))
  clock.wait(3_000)
  yield lines.caller.fromServer(message('SIP/2.0 100 Trying', caller, 'INVITE', '', false))
  yield lines.callee.fromServer(message(invitation, pbx, 'INVITE', offer, false))
  clock.wait(40_000)
  yield lines.callee.fromClient(message('SIP/2.0 180 Ringing', pbx, 'INVITE'))
  clock.wait(900)
  yield lines.caller.fromServer(message('SIP/2.0 180 Ringing', caller, 'INVITE'))
  clock.waitSeconds(random.between(2, 6))
  yield lines.callee.fromClient(message('SIP/2.0 200 OK', pbx, 'INVITE', accept))
  clock.wait(900)
  yield lines.caller.fromServer(message('SIP/2.0 200 OK', caller, 'INVITE', accept))
  clock.wait(5_000)
  const acknowledgment = `ACK sip:${numberOf(callee)}@${domain} SIP/2.0`
  yield lines.caller.fromClient(message(acknowledgment, caller, 'ACK'))
  clock.wait(900)
  yield lines.callee.fromServer(message(acknowledgment, pbx, 'ACK'))

  yield* talk(stage, clock, random, caller, callee, ports)

  const goodbye = `BYE sip:${numberOf(callee)}@${domain} SIP/2.0`
  yield lines.caller.fromClient(message(goodbye, caller, 'BYE'))
  clock.wait(900)
  yield lines.callee.fromServer(message(goodbye, pbx, 'BYE'))
  clock.wait(4_000)
  yield lines.callee.fromClient(message('SIP/2.0 200 OK', pbx, 'BYE'))
  clock.wait(900)
  yield lines.caller.fromServer(message('SIP/2.0 200 OK', caller, 'BYE'))
}

/** Fifty packets a second each way, for as long as people talk. */
function* talk(
  stage: Stage,
  clock: Clock,
  random: Random,
  caller: Machine,
  callee: Machine,
  ports: { caller: number; callee: number },
): Scene {
  const voice = new UdpExchange(stage.mirror, clock, caller.v4, ports.caller, callee.v4, ports.callee)
  const begin = () => ({
    sequence: random.between(0, 0xffff),
    timestamp: random.between(0, 0x7fffffff),
    source: random.between(1, 0x7fffffff),
  })
  const [there, back] = [begin(), begin()]
  const packets = random.between(25, 50) * 50
  for (let number = 0; number < packets; number++) {
    yield voice.fromClient(emitRtp(number, there, random.noise(RTP_PAYLOAD_BYTES)))
    clock.wait(7_000)
    yield voice.fromServer(emitRtp(number, back, random.noise(RTP_PAYLOAD_BYTES)))
    clock.wait(RTP_PACKET_MICROS - 7_000)
  }
}

/** Desk phone 1 has the number 201. */
const numberOf = (phone: Machine): string => String(200 + Number(phone.name.split('-')[1]))

const contactOf = (machine: Machine): string =>
  `<sip:${machine.name}@${machine.v4.address.text}:${SIP_PORT};transport=udp>`
