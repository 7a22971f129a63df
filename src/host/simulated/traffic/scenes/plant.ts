import { emitIdentity, emitListIdentity } from '../emit/ethernet-ip'
import {
  coilsRead,
  deviceIdentification,
  emitModbus,
  readCoils,
  readDeviceIdentification,
  readRegisters,
  registersRead,
  writeRegister,
} from '../emit/modbus'
import { group, takePort, type Machine } from '../machine'
import { UdpExchange } from '../mirror'
import type { Random } from '../random'
import { TcpConnection } from '../tcp-connection'
import type { Clock, Scene } from '../timeline'
import { findNeighbour } from './neighbours'
import type { Stage } from './stage'

const MODBUS_PORT = 502
const ETHERNET_IP_PORT = 44818
const UNIT = 1

/**
 * The operator panel asks a controller for its values, each second, all day long. One that `isOld` was connected
 * before the capture began, so nobody sees its handshake.
 */
export function* poll(stage: Stage, clock: Clock, random: Random, controller: Machine, isOld: boolean): Scene {
  const panel = stage.premises.operatorPanel
  yield* findNeighbour(stage, clock, panel, controller.v4)
  const connection = new TcpConnection(
    stage.mirror,
    clock,
    random,
    panel.v4,
    takePort(panel),
    controller.v4,
    MODBUS_PORT,
  )
  if (!isOld) yield* connection.open()
  let transaction = 0
  let level = 5_000
  while (clock.atMicros < stage.endMicros) {
    const startedAt = clock.atMicros
    level = Math.max(0, Math.min(10_000, level + random.between(-40, 40)))
    const values = [level, 700 + random.between(0, 9), 1_450, 3, 0, random.between(0, 1), 230, 50]
    const questions: [Buffer, Buffer][] = [
      [readRegisters(100, values.length), registersRead(values)],
      [readCoils(0, 16), coilsRead(Buffer.of(0b1010_0101, level & 1))],
    ]
    if (random.chance(0.02)) {
      const setPoint = writeRegister(200, 4_000 + random.between(0, 2_000))
      questions.push([setPoint, setPoint])
    }
    for (const [question, answer] of questions) {
      transaction = (transaction + 1) & 0xffff
      yield* connection.fromClient(emitModbus(transaction, UNIT, question))
      clock.wait(random.between(800, 4_000))
      yield* connection.fromServer(emitModbus(transaction, UNIT, answer))
    }
    yield* connection.rest(startedAt + 1_000_000 - clock.atMicros)
  }
  yield* connection.close()
}

/** The engineering station looks what is there: who are you (Modbus 43/14), and who else (EtherNet/IP). */
export function* survey(stage: Stage, clock: Clock, random: Random): Scene {
  const { mirror, premises } = stage
  const { engineering, controllers, drive } = premises
  for (const [index, controller] of controllers.entries()) {
    yield* findNeighbour(stage, clock, engineering, controller.v4)
    const connection = new TcpConnection(
      mirror,
      clock,
      random,
      engineering.v4,
      takePort(engineering),
      controller.v4,
      MODBUS_PORT,
    )
    yield* connection.open()
    yield* connection.fromClient(emitModbus(1, UNIT, readDeviceIdentification()))
    clock.wait(2_500)
    const identity = deviceIdentification(['Example Controls', `EC-34${index}`, 'V2.80'])
    yield* connection.fromServer(emitModbus(1, UNIT, identity))
    yield* connection.close()
    clock.waitSeconds(3)
  }
  const everyone = group(premises.plant.broadcast)
  const port = takePort(engineering)
  const search = new UdpExchange(mirror, clock, engineering.v4, port, everyone, ETHERNET_IP_PORT)
  yield search.fromClient(emitListIdentity())
  // The drive answers from its own address, so the answer is a flow of its own.
  clock.wait(4_000)
  const answer = new UdpExchange(mirror, clock, drive.v4, ETHERNET_IP_PORT, engineering.v4, port)
  yield answer.fromClient(
    emitIdentity({
      address: drive.v4.address.bytes,
      vendorId: 1,
      deviceType: 2,
      productCode: 145,
      revision: [5, 2],
      serial: 0x00c0ffee,
      productName: 'AC Drive 525',
    }),
  )
}
