import { createSocket } from 'node:dgram'
import { readdirSync, readFileSync } from 'node:fs'
import { RingSource } from '../../src/capture/ring-source'
import { until } from '../until'
import { ethernet, hex, ipv4, tcp, udp } from '../wire/frames'
import { Cables, liveTest, Probe } from './mirror-port'

const live = liveTest('ring')

let cables: Cables
let probe: Probe | undefined

beforeEach(() => (cables = new Cables()))

afterEach(() => {
  probe?.kill()
  probe = undefined
  cables.remove()
})

const start = async (options: Omit<Parameters<typeof Probe.start>[1], 'port' | 'method'> = {}): Promise<Probe> =>
  (probe = await Probe.start(cables, { port: 'mirror', method: 'ring', ...options }))

const packet = ipv4(udp(5000, 53, Buffer.alloc(40)))
const FRAME = ethernet('0800', packet)

live('each frame is byte for byte what was sent, whatever tags the kernel takes out', async () => {
  const sent = [
    FRAME,
    ethernet('8100', hex('0064 0800', packet)),
    ethernet('8100', hex('6000 0800', packet)),
    ethernet('88a8', hex('0064 8100 0065 0800', packet)),
    ethernet('8100', hex('0064 8100 0065 0800', packet)),
    ethernet('88a8', hex('0001 8100 0002 8100 0003 0800', packet)),
    ethernet('9100', hex('0064 8100 0065 0800', packet)),
    ethernet('88cc', Buffer.alloc(46)),
    ethernet('8100', hex('0064 0800', ipv4(udp(5000, 53, Buffer.alloc(1472))))),
  ]
  await start({ showFrames: true })
  const fromMicros = Date.now() * 1000
  await cables.send(sent)
  await until(() => probe!.packets >= sent.length)
  const toMicros = Date.now() * 1000
  const heard = probe!.said('frame').map((line) => line.split(' '))
  expect(heard.map(([frame]) => frame)).toEqual(sent.map((frame) => frame.toString('hex')))
  expect(heard.map(([, wireBytes]) => Number(wireBytes))).toEqual(sent.map((frame) => frame.length))
  const times = heard.map(([, , atMicros]) => Number(atMicros))
  expect(times).toEqual([...times].sort((a, b) => a - b))
  // Within the milliseconds that the bounds are measured in.
  expect(times[0]).toBeGreaterThanOrEqual(fromMicros - 1000)
  expect(times.at(-1)).toBeLessThanOrEqual(toMicros + 1000)
})

live('of a frame longer than the snap length the beginning comes, and its length', async () => {
  cables.ip('link', 'set', 'mirror', 'mtu', '9000')
  cables.ip('link', 'set', 'mirror-switch', 'mtu', '9000')
  await start({ showFrames: true })
  await cables.send([ethernet('0800', ipv4(udp(5000, 53, Buffer.alloc(8000, 0x5a))))])
  await until(() => probe!.packets >= 1)
  const [frame = '', wireBytes] = probe!.said('frame')[0]!.split(' ')
  expect([frame.length / 2, wireBytes]).toEqual([2048, '8042'])
})

live('what this machine sends through the port is left out', async () => {
  await start()
  await cables.send(Array<Buffer>(10).fill(FRAME), { port: 'mirror' })
  await cables.send([FRAME, FRAME])
  await until(() => probe!.packets > 0)
  await probe!.end()
  expect(probe!.packets).toBe(2)
})

live('a port that is switched off is waited for, and nothing is missed when it is back', async () => {
  await start()
  await cables.send([FRAME, FRAME])
  await until(() => probe!.packets === 2)
  for (let round = 1; round <= 3; round += 1) {
    cables.ip('link', 'set', 'mirror', 'down')
    await until(() => probe!.said('trouble').at(-1)?.startsWith('The mirror port mirror is down') === true)
    cables.ip('link', 'set', 'mirror', 'up')
    await cables.send([FRAME, FRAME])
    await until(() => probe!.packets === 2 + 2 * round)
    await until(() => probe!.said('trouble').at(-1) === '')
  }
  expect((await probe!.end()).filter((line) => line.startsWith('error'))).toEqual([])
})

live('a port that is off when it is opened is heard once it is on', async () => {
  cables.ip('link', 'set', 'mirror', 'down')
  await start()
  await until(() => probe!.said('trouble').length === 1)
  cables.ip('link', 'set', 'mirror', 'up')
  await cables.send([FRAME])
  await until(() => probe!.packets === 1)
})

live('another port that takes over the name is not mistaken for it', async () => {
  cables.plug('other')
  await start()
  for (const [old, name] of [
    ['mirror', 'elsewhere'],
    ['other', 'mirror'],
  ] as const) {
    cables.ip('link', 'set', old, 'down')
    cables.ip('link', 'set', old, 'name', name)
    cables.ip('link', 'set', name, 'up')
  }
  await until(() => probe!.said('error').length === 1)
  expect(probe!.said('error')[0]).toMatch(/^The mirror port mirror was taken away|^There is no port mirror/)
})

live('timers have their turn while a slow handler is behind by many blocks', async () => {
  await start({ takesMs: 1 })
  const frame = ethernet('0800', ipv4(tcp(0x10)))
  await cables.send([Buffer.concat([frame, Buffer.alloc(1400)])], { times: 2000 })
  await until(() => probe!.packets >= 2000)
  // At least two seconds of work, in blocks of 150 of these packets.
  const turns = (await probe!.end()).find((line) => line.startsWith('turns'))
  expect(Number(turns?.slice(6))).toBeGreaterThan(5)
})

live('opened and closed over and over it leaves no descriptor and no memory behind', async () => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length
  let before = 0
  for (let round = 0; round < 30; round += 1) {
    const source = new RingSource('lo')
    const running = source.run(() => undefined)
    source.close()
    await running
    if (round === 0) before = descriptors()
  }
  await until(() => descriptors() <= before)
  expect(rings()).toBe(0)
})

/** Rings mapped by this process. */
function rings(): number {
  return readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => line.includes('socket:')).length
}

live('a view of the ring that someone has kept reads zeros after it, and takes nobody down', async () => {
  const kept: Buffer[] = []
  const source = new RingSource('lo')
  const running = source.run((bytes) => kept.push(bytes))
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.send('to whom it may concern', 9, '127.0.0.1', () => resolve()))
  await until(() => kept.length > 0)
  socket.close()
  source.close()
  await running
  expect(kept[0]!.findIndex((byte) => byte !== 0)).toBe(-1)
})
