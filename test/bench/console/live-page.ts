import type { FakeSensor } from '../../console/fake-sensor'
import { table } from '../compare'
import { Line, sleep } from './line'
import { ours } from './peers'

const SECONDS = 10
/** A second on a mirror port that carries a gigabit. */
const PER_SECOND = {
  packets: 152_381,
  bytes: 117_000_000,
  flowPackets: 150_007,
  notIp: 1_731,
  otherIp: 643,
  liveFlows: 29,
}

/** What a person who only watches costs: the status page of a busy sensor, every figure of it moving. */
export async function livePage(sensor: FakeSensor): Promise<void> {
  const rows: string[][] = []
  for (const kind of ['vt100', 'xterm'] as const) {
    const line = new Line(kind, ours(sensor.socketPath).command)
    try {
      await line.quiet(20_000)
      const item = line.picture().rows.find((row) => /status/i.test(row) && /^\W*\d /.test(row))
      line.send(`${/\d/.exec(item ?? '')?.[0] ?? ''}\r`)
      await line.quiet()
      const bytes = line.bytes
      for (let second = 0; second < SECONDS; second++) {
        const { worker } = sensor.status
        const counters = { ...worker.counters }
        for (const [name, step] of Object.entries(PER_SECOND)) counters[name as keyof typeof PER_SECOND] += step
        sensor.change({ worker: { ...worker, counters } })
        await sleep(1000)
      }
      rows.push([`nps console, TERM=${kind}`, ((line.bytes - bytes) / SECONDS).toFixed(0)])
    } finally {
      await line.close()
    }
  }
  process.stdout.write(`console: the live status page of a busy sensor, ${SECONDS} s\n\n`)
  process.stdout.write(`${table([['', 'bytes a second'], ...rows])}\n`)
}
