import { emitEcho } from '../emit/icmp'
import { PROTOCOL_ICMP } from '../emit/ip'
import { emitNtp } from '../emit/ntp'
import {
  emitSnmpGet,
  emitSnmpResponse,
  snmpObjectId,
  snmpText,
  snmpTicks,
  SYS_DESCR,
  SYS_NAME,
  SYS_OBJECT_ID,
  SYS_UP_TIME,
} from '../emit/snmp'
import { emitEcdhInit, emitEcdhReply, emitKeyExchangeInit, emitNewKeys, emitSshBanner } from '../emit/ssh'
import { emitSyslog } from '../emit/syslog'
import { takePort, type Machine, type Party } from '../machine'
import { UdpExchange } from '../mirror'
import type { Random } from '../random'
import { TcpConnection } from '../tcp-connection'
import type { Clock, Scene } from '../timeline'
import { ACCESS_POINT_DESCRIPTION, SWITCH_DESCRIPTION } from './announcements'
import { printerModel } from './printing'
import type { Stage } from './stage'

/** The monitoring server asks every device that speaks SNMP what it is and how long it is up. */
export function* watchDevices(stage: Stage, clock: Clock, random: Random): Scene {
  const { mirror, premises } = stage
  const { monitor, switch: theSwitch, accessPoint, printers } = premises
  const devices: [Machine, string][] = [
    [theSwitch, SWITCH_DESCRIPTION],
    [accessPoint, ACCESS_POINT_DESCRIPTION],
    ...printers.map((printer): [Machine, string] => [printer, `${printerModel(printer)}, network card 7.1`]),
  ]
  const port = takePort(monitor)
  let requestId = random.between(1, 1e9)
  while (clock.atMicros < stage.endMicros) {
    for (const [device, description] of devices) {
      const exchange = new UdpExchange(mirror, clock, monitor.v4, port, device.v4, 161)
      requestId++
      yield exchange.fromClient(emitSnmpGet(requestId, [SYS_DESCR, SYS_OBJECT_ID, SYS_UP_TIME, SYS_NAME]))
      exchange.awaitServer(random.between(300, 6_000))
      const upTime = 1_234_500 + Math.floor((clock.atMicros - stage.startMicros) / 10_000)
      yield exchange.fromServer(
        emitSnmpResponse(requestId, [
          [SYS_DESCR, snmpText(description)],
          // 32473 is the enterprise number for examples (RFC 5612).
          [SYS_OBJECT_ID, snmpObjectId('1.3.6.1.4.1.32473.1.1')],
          [SYS_UP_TIME, snmpTicks(upTime)],
          [SYS_NAME, snmpText(device.name)],
        ]),
      )
      clock.wait(20_000)
    }
    clock.waitSeconds(60)
  }
}

/** Is the line up? An echo every ten seconds, to the router and to something behind it. */
export function* ping(stage: Stage, clock: Clock, random: Random): Scene {
  const { monitor, gateway, sites } = stage.premises
  const id = random.between(1, 0xffff)
  const data = random.bytes(56)
  for (let sequence = 1; clock.atMicros < stage.endMicros; sequence++) {
    for (const target of [gateway.servers, sites[0]!.v4]) {
      yield* echo(stage, clock, monitor.v4, target, { id, sequence, data })
    }
    clock.waitSeconds(10)
  }
}

function* echo(
  stage: Stage,
  clock: Clock,
  from: Party,
  to: Party,
  message: { id: number; sequence: number; data: Buffer },
): Scene {
  yield stage.mirror.ip(clock, from, to, PROTOCOL_ICMP, emitEcho({ isReply: false, ...message }))
  clock.wait(2 * to.awayMicros + 2 * from.awayMicros)
  yield stage.mirror.ip(clock, to, from, PROTOCOL_ICMP, emitEcho({ isReply: true, ...message }))
}

/** A device sends its log lines to the monitoring server. */
export function* log(stage: Stage, clock: Clock, random: Random, device: Machine, lines: readonly string[]): Scene {
  const LOCAL0 = 16
  const NOTICE = 5
  const exchange = new UdpExchange(stage.mirror, clock, device.v4, takePort(device), stage.premises.monitor.v4, 514)
  while (clock.atMicros < stage.endMicros) {
    yield exchange.fromClient(emitSyslog(LOCAL0, NOTICE, syslogTime(clock), device.name, random.pick(lines)))
    clock.waitSeconds(random.between(4, 30))
  }
}

/** What time is it? Clients from a port of their own, Windows from port 123. */
export function* keepTime(stage: Stage, clock: Clock, random: Random, machine: Machine, server: Party): Scene {
  const isWindows = machine.v4.stack.ttl === 128
  const port = isWindows ? 123 : takePort(machine)
  const exchange = new UdpExchange(stage.mirror, clock, machine.v4, port, server, 123)
  while (clock.atMicros < stage.endMicros) {
    const originMicros = clock.atMicros
    yield exchange.fromClient(
      emitNtp({ isServer: false, originMicros: 0, receiveMicros: 0, transmitMicros: originMicros }),
    )
    exchange.awaitServer(50)
    const receiveMicros = clock.atMicros - server.awayMicros
    yield exchange.fromServer(
      emitNtp({ isServer: true, originMicros, receiveMicros, transmitMicros: receiveMicros + 40 }),
    )
    clock.waitSeconds(random.between(64, 200))
  }
}

/** Somebody administers a server: a login and some typing. */
export function* administer(stage: Stage, clock: Clock, random: Random, from: Machine, server: Machine): Scene {
  const connection = new TcpConnection(stage.mirror, clock, random, from.v4, takePort(from), server.v4, 22)
  yield* connection.open()
  yield* connection.fromClient(emitSshBanner('OpenSSH_9.2p1 Debian-2+deb12u3'))
  clock.wait(9_000)
  yield* connection.fromServer(emitSshBanner('OpenSSH_8.4p1 Debian-5+deb11u3'))
  yield* connection.fromClient(emitKeyExchangeInit(random.bytes(16)))
  yield* connection.fromServer(emitKeyExchangeInit(random.bytes(16)))
  yield* connection.fromClient(emitEcdhInit(random.bytes(32)))
  clock.wait(3_000)
  yield* connection.fromServer(Buffer.concat([emitEcdhReply(random.bytes(128)), emitNewKeys()]))
  yield* connection.fromClient(emitNewKeys())
  for (let keys = random.between(40, 160); keys > 0 && clock.atMicros < stage.endMicros; keys--) {
    yield* connection.fromClient(random.noise(36))
    clock.wait(random.between(300, 2_000))
    yield* connection.fromServer(random.noise(random.chance(0.1) ? random.between(200, 2_400) : 36))
    yield* connection.rest(random.between(90_000, 900_000))
  }
  yield* connection.close()
}

/** `Mmm dd hh:mm:ss`, UTC. */
function syslogTime(clock: Clock): string {
  const [, day, month, , time] = new Date(clock.atMicros / 1000).toUTCString().split(' ')
  return `${month} ${String(Number(day)).padStart(2)} ${time}`
}
