import { DEFAULT_ASSET_GROUPS } from '../../../src/flow/asset-groups'
import { FlowMeter } from '../../../src/flow/flow-meter'
import { Ear } from '../../../src/discovery/ear'
import { Reporter } from '../../../src/report/reporter'
import { SpoolWriter } from '../../../src/report/spool/spool-writer'
import { ethernet, ipv4, LINK, udp } from '../../wire/frames'

/** A worker that has heard so many machines for the first time, each of which sent one packet; prints what is safe. */
async function main([folder, machines]: string[]): Promise<void> {
  const meter = new FlowMeter({ capacity: 1 << 14 })
  const reporter = new Reporter({ meter, groups: DEFAULT_ASSET_GROUPS, nowMs: Date.now() })
  meter.listener = new Ear(reporter.inventory)
  for (let number = 0; number < Number(machines); number++) {
    const source = `10.0.${number >> 8}.${number & 255}`
    const frame = ethernet('0800', ipv4(udp(5000, 53), { source, destination: '203.0.113.1' }))
    frame.writeUIntBE(0x001b21000000 + number, 6, 6)
    meter.packet(frame, 0, frame.length, frame.length, Date.now() * 1000, LINK.ethernet)
    reporter.inventory.observe(
      { ip: source },
      { kind: 'hostname', value: `desk-${number}`, confidence: 80, source: 'test', atMs: Date.now() },
    )
  }
  const spool = new SpoolWriter(folder!)
  const write: SpoolWriter['write'] = async (batch) => {
    const id = await spool.write(batch)
    console.log(id)
    return id
  }
  await reporter.report('new', { write }, Date.now())
}

void main(process.argv.slice(2))
