import { emitHttp } from '../emit/http'
import { emitIppRequest, emitIppResponse, GET_PRINTER_ATTRIBUTES, PRINT_JOB } from '../emit/ipp'
import { takePort, type Machine } from '../machine'
import type { Random } from '../random'
import { TcpConnection } from '../tcp-connection'
import type { Clock, Scene } from '../timeline'
import { announceServices } from './local-names'
import { lookUp } from './name-lookup'
import type { Stage } from './stage'

const IPP_PORT = 631

/** What the printers say they are. No such product exists. */
export const printerModel = (printer: Machine): string =>
  printer.name === 'printer-2f' ? 'Example Laser 4200 series' : 'Example Inkjet 880'

/** A printer tells its neighbours what it is, and people print on it. */
export function* runPrinter(stage: Stage, clock: Clock, random: Random, printer: Machine): Scene {
  const texts = ['txtvers=1', `ty=${printerModel(printer)}`, 'pdl=application/pdf,image/pwg-raster', 'rp=ipp/print']
  yield* announceServices(stage, clock, printer, [
    { type: '_ipp._tcp.local', port: IPP_PORT, texts },
    { type: '_pdl-datastream._tcp.local', port: 9100, texts: texts.slice(0, 2) },
  ])
  for (;;) {
    clock.waitSeconds(random.between(20, 150))
    if (clock.atMicros > stage.endMicros) return
    yield* print(stage, clock, random, random.pick(stage.premises.staff), printer)
  }
}

/** Ask what it can do, then send a document. */
function* print(stage: Stage, clock: Clock, random: Random, machine: Machine, printer: Machine): Scene {
  const name = `${printer.name}.${stage.premises.domain}`
  yield* lookUp(stage, clock, random, { machine }, name, { v4: printer.v4 })
  const connection = new TcpConnection(stage.mirror, clock, random, machine.v4, takePort(machine), printer.v4, IPP_PORT)
  yield* connection.open()
  const uri = `ipp://${name}/ipp/print`
  const post = (body: Buffer) =>
    emitHttp(
      'POST /ipp/print HTTP/1.1',
      {
        Host: `${name}:${IPP_PORT}`,
        'Content-Type': 'application/ipp',
        'Content-Length': String(body.length),
        'User-Agent': 'CUPS/2.4.2 IPP/2.0',
      },
      body,
    )
  const answer = (body: Buffer) =>
    emitHttp(
      'HTTP/1.1 200 OK',
      { Server: 'Embedded-HTTPD/1.4', 'Content-Type': 'application/ipp', 'Content-Length': String(body.length) },
      body,
    )
  yield* connection.fromClient(post(emitIppRequest(GET_PRINTER_ATTRIBUTES, 1, uri)))
  clock.wait(random.between(4_000, 30_000))
  const about = { name: printer.name, makeAndModel: printerModel(printer), location: 'corridor' }
  yield* connection.fromServer(answer(emitIppResponse(1, about)))
  const document = Buffer.concat([Buffer.from('%PDF-1.7\n'), random.noise(random.between(5_000, 60_000))])
  yield* connection.fromClient(post(emitIppRequest(PRINT_JOB, 2, uri, document)))
  clock.wait(random.between(20_000, 300_000))
  yield* connection.fromServer(answer(emitIppResponse(2)))
  yield* connection.close()
}
