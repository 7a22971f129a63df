import { join } from 'node:path'
import { FileSource } from '../../src/capture/file-source'
import { FlowMeter } from '../../src/flow/flow-meter'
import { HelloNames } from '../../src/names/hello-names'
import { ipv4Text, ipv6Text } from '../../src/wire/address-text'
import { Payload } from '../../src/wire/payload'
import { CAPTURES_FOLDER, captureTest } from './captures-folder'
import { flowKey, ndpiServerNames } from './service-truth'

/** The names that clients ask for in this capture, by flow. */
async function helloNames(file: string): Promise<Map<string, string>> {
  const meter = new FlowMeter({ capacity: 1 << 12, seed: 1 })
  const payload = new Payload()
  const hellos = new HelloNames()
  const found = new Map<string, string>()
  meter.onPayload = (packet, payloadAt, row, _side, atMicros) => {
    payload.set(packet, payloadAt)
    const said = hellos.read(payload, row, atMicros)
    if (said === undefined || said.name === '') return
    const text = packet.ipVersion === 4 ? ipv4Text : ipv6Text
    const proto = payload.isTcp ? 'tcp' : 'udp'
    const [a, b] = [text(packet.bytes, packet.sourceAt), text(packet.bytes, packet.destinationAt)]
    found.set(flowKey(proto, a, packet.sourcePort, b, packet.destinationPort), said.name)
  }
  await new FileSource(join(CAPTURES_FOLDER, file)).run(meter.packet)
  return found
}

captureTest('names in hellos of TLS and QUIC are those that nDPI reads', async () => {
  const files = new Map<string, Map<string, string>>()
  const missed: string[] = []
  const wrong: string[] = []
  let alike = 0
  let quic = 0
  for (const { file, key, name } of ndpiServerNames()) {
    if (!files.has(file)) files.set(file, await helloNames(file))
    const ours = files.get(file)!.get(key)
    if (ours === undefined) missed.push(`${file}: ${key}: ${name}`)
    else if (ours.toLowerCase() !== name.toLowerCase()) wrong.push(`${file}: ${key}: ${name}, not ${ours}`)
    else {
      alike++
      if (key.startsWith('udp')) quic++
    }
  }
  const total = alike + missed.length + wrong.length
  process.stdout.write(`nDPI: ${alike} of ${total} server names alike, ${quic} of them in QUIC\n`)
  expect(wrong).toEqual([])
  // Google's QUIC of before the standard: messages, or a salt, of its own.
  expect(missed.filter((line) => !/quic_t50|youtube_quic/.test(line))).toEqual([])
  expect(quic).toBeGreaterThanOrEqual(3)
})
