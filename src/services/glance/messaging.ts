import type { Payload } from '../../wire/payload'
import { letters, nearPorts, range, when, type Recogniser } from './recogniser'

/** MQTT (section 3.1 of its standard): 0x10, the remaining length in 1 to 4 bytes, then the protocol's name. */
function isMqttConnect(payload: Payload): boolean {
  let at = 1
  while (at < 5 && payload.u8(at) >= 0x80) at++
  return payload.says('\0\x04MQTT', at + 1) || payload.says('\0\x06MQIsdp', at + 1)
}

/** At its port, any packet that fills the segment: type and flags, then the remaining length in one byte. */
function isMqttPacket(payload: Payload): boolean {
  return payload.u8(0) >= 0x10 && payload.u8(0) < 0xf0 && payload.u8(1) === payload.size - 2
}

/** Seen from the middle at any port: something published, its topic in plain letters. */
function isMqttPublish(payload: Payload): boolean {
  const topicLength = payload.u16(2)
  if (payload.u8(1) !== payload.size - 2 || topicLength < 3 || topicLength > payload.size - 4) return false
  for (let at = 4; at < 4 + topicLength; at++) if (payload.u8(at) <= 0x20 || payload.u8(at) >= 0x7f) return false
  return true
}

function isIrc(payload: Payload): boolean {
  if (payload.says('NICK ') || payload.says('CAP LS')) return true
  const wordAt = payload.find(0x20, 1, 80) + 1
  return wordAt > 0 && payload.says(':') && (payload.says('NOTICE ', wordAt) || payload.says('001 ', wordAt))
}

/** A stream of XMPP (RFC 6120 section 4.2), with or without the XML declaration before it. */
function isXmpp(payload: Payload): boolean {
  return payload.says('<stream:stream') || (payload.says('<?xml') && payload.mentions('<STREAM:STREAM', 256))
}

/** FLAP, which carries OSCAR: `*`, channel, number, length; on channel 1 the version, which is 1. */
function isOscar(payload: Payload): boolean {
  return payload.u8(1) === 1 && payload.u16(4) <= payload.size - 6 && payload.u32(6) === 1
}

export const MESSAGING: readonly Recogniser[] = [
  when('mqtt', 'tcp', [0x10], isMqttConnect),
  nearPorts('mqtt', 'tcp', isMqttPacket),
  when('mqtt', 'tcp', range(0x30, 0x3d), isMqttPublish),
  when('amqp', 'tcp', letters('A'), (payload) => payload.says('AMQP') && payload.u8(4) <= 3),
  when('nats', 'tcp', letters('I'), (payload) => payload.says('INFO {')),
  when('stomp', 'tcp', letters('CS'), (payload) => payload.says('CONNECT\n') || payload.says('CONNECTED\n')),
  when('xmpp', 'tcp', letters('<'), isXmpp),
  when('irc', 'tcp', letters('NC:'), isIrc),
  when('oscar', 'tcp', letters('*'), isOscar),
  nearPorts('oscar', 'tcp', (payload) => payload.u8(0) === 0x2a && payload.u8(1) >= 1 && payload.u8(1) <= 5),
  when('gearman', 'tcp', [0], (payload) => payload.says('\0REQ\0\0\0') || payload.says('\0RES\0\0\0')),
]
