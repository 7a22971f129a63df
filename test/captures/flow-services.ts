import { join } from 'node:path'
import { FileSource } from '../../src/capture/file-source'
import { FlowMeter } from '../../src/flow/flow-meter'
import { applicationNumbered } from '../../src/services/application'
import type { ApplicationName } from '../../src/services/applications'
import { glance } from '../../src/services/glance'
import { Payload } from '../../src/wire/payload'
import { CAPTURES_FOLDER } from './captures-folder'
import { flowKey } from './service-truth'

/** What the payload tells of each flow of a capture; undefined where it tells nothing. */
export async function servicesByPayload(file: string): Promise<Map<string, ApplicationName | undefined>> {
  const meter = new FlowMeter({ capacity: 1 << 15, seed: 1 })
  const payload = new Payload()
  meter.onPayload = (packet, payloadAt, row) => {
    payload.set(packet, payloadAt)
    const known = glance(payload)
    if (known !== undefined) meter.settle(row, known.number)
  }
  // What is wrong with a damaged capture is no matter here: flows.test.ts looks at that.
  await new FileSource(join(CAPTURES_FOLDER, file)).run(meter.packet).catch(() => undefined)
  const found = new Map<string, ApplicationName | undefined>()
  meter.take(({ proto, client, server, clientPort, serverPort, service }) => {
    const key = flowKey(proto, meter.addresses.text(client), clientPort, meter.addresses.text(server), serverPort)
    found.set(key, applicationNumbered(service)?.name)
  })
  return found
}
