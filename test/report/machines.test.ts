import { keyOfText } from '../../src/asset/address-key'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import type { Batch, MachineSummary } from '../../src/report/summary'
import { hex, ipv4, LINK, PROTOCOL, tcp } from '../wire/frames'
import { Box, excludedWhileReporting, HOSTS, web, WORLDS } from './box'

describe('machines', () => {
  const [FIRST, SECOND] = ['02:00:00:00:00:00', '02:00:00:00:00:01']

  function say({ reporter, nowMs }: Box, ip: string, kind: string, value: string, confidence = 80): void {
    reporter.inventory.observe({ ip }, { kind, value, confidence, source: 'test', atMs: nowMs })
  }

  const machinesIn = (batches: Batch[]): MachineSummary[] => batches.flatMap(({ machines }) => machines)

  test('a new one is told at once with what is known, a change with the update, and nothing twice', async () => {
    const box = new Box(DEFAULT_ASSET_GROUPS)
    box.send(web(0, 5))
    say(box, HOSTS[0]!, 'hostname', 'desk')
    const [machine] = machinesIn(await box.report('new'))
    expect(machine).toMatchObject({ id: FIRST, addresses: [HOSTS[0]], macs: [FIRST], isGateway: false })
    expect(machine?.attributes).toEqual([
      { kind: 'hostname', value: 'desk', confidence: 80, source: 'test', atMs: box.nowMs, clue: '' },
    ])
    box.send(web(0, 5))
    expect(machinesIn(await box.report('update'))).toEqual([])
    say(box, HOSTS[0]!, 'serial', '4711')
    expect(await box.report('new')).toEqual([])
    const [changed] = machinesIn(await box.report('update'))
    expect(changed?.said.map(({ kind, value }) => `${kind} ${value}`)).toEqual(['hostname desk', 'serial 4711'])
    expect(await box.report('update')).toEqual([])
  })

  test('each is told whole again after a week, whichever way the clock went', async () => {
    const box = new Box(DEFAULT_ASSET_GROUPS)
    const told = async (days: number): Promise<number> => {
      box.nowMs += days * 86_400_000
      return machinesIn(await box.report('update')).length
    }
    box.send(web(0, 5))
    expect(await told(0)).toBe(1)
    expect(await told(6)).toBe(0)
    box.send(web(0, 5))
    expect(await told(1)).toBe(1)
    expect(await told(0)).toBe(0)
    expect(await told(-8)).toBe(1)
    expect(await told(0)).toBe(0)
  })

  test('when the clock has been set back by weeks, addresses go on being told, with the time it is now', async () => {
    const box = new Box(DEFAULT_ASSET_GROUPS)
    box.send(web(0, 5))
    await box.report('update')
    box.nowMs -= 21 * 86_400_000
    await box.report('update')
    for (const pause of [0, 60_000]) {
      box.nowMs += pause
      box.send(web(0, 5))
      const [batch] = await box.report('update')
      const inSeconds = Math.floor(box.nowMs / 1000) * 1000
      expect(batch?.assets).toMatchObject([{ address: HOSTS[0], lastMs: inSeconds }])
    }
    box.reporter.inventory.observe(
      { mac: '00:1b:21:00:00:09' },
      { kind: 'hostname', value: 'drive', confidence: 80, source: 'test', atMs: box.nowMs + 21 * 86_400_000 },
    )
    await box.report('update')
    box.nowMs += 600_000
    expect(machinesIn(await box.report('update')).map(({ id }) => id)).toEqual(['00:1b:21:00:00:09'])
  })

  test('one that could not be written is in the next report', async () => {
    const box = new Box(DEFAULT_ASSET_GROUPS)
    box.diskFails = true
    box.send(web(0, 5))
    expect(await box.report('new')).toEqual([])
    box.diskFails = false
    expect(machinesIn(await box.report('new')).map(({ id }) => id)).toEqual([FIRST])
  })

  test('what is never told makes no work at each report, until something about it changes', async () => {
    const box = new Box({ ...DEFAULT_ASSET_GROUPS, excludedMacs: ['02:00:00:00:00:01'] })
    const { inventory } = box.reporter
    const looks = jest.spyOn(inventory, 'hosts')
    /** Whether it was found out who is who. */
    const isLookedInto = async (): Promise<boolean> => {
      looks.mockClear()
      expect(await box.report('new')).toEqual([])
      return looks.mock.calls.length > 1
    }
    // The card that several routers share (VRRP) is no machine, whatever is said of it.
    const shared = { kind: 'hostname', value: 'virtual', confidence: 80, source: 'test', atMs: box.nowMs }
    inventory.observe({ mac: '00:00:5e:00:01:05' }, shared)
    // Nor is a lease that is over.
    inventory.claim('10.0.0.50', '00:1b:21:00:00:01', box.nowMs)
    inventory.claim('10.0.0.50', '00:1b:21:00:00:02', box.nowMs + 1)
    box.nowMs += 600_000
    expect(machinesIn(await box.report('new')).map(({ id }) => id)).toEqual(['00:1b:21:00:00:02'])
    expect([await isLookedInto(), await isLookedInto(), await isLookedInto()]).toEqual([true, false, false])
    inventory.observe({ mac: '00:00:5e:00:01:05' }, { ...shared, value: 'other' })
    expect([await isLookedInto(), await isLookedInto()]).toEqual([true, false])
    box.send(web(0, 5))
    expect(machinesIn(await box.report('new')).map(({ id }) => id)).toEqual([FIRST])
    expect(await isLookedInto()).toBe(false)
    await box.reporter.setGroups(DEFAULT_ASSET_GROUPS)
    expect([await isLookedInto(), await isLookedInto()]).toEqual([true, false])
  })

  test('what was only spoken of is none', async () => {
    const box = new Box(DEFAULT_ASSET_GROUPS)
    say(box, '10.0.0.99', 'hostname', 'far')
    expect(await box.report('update')).toEqual([])
    expect(box.reporter.assetsKnown).toBe(0)
  })

  test('why machines are one is told again when other hostnames are ignored (R-202)', async () => {
    const box = new Box(DEFAULT_ASSET_GROUPS)
    box.send(web(0, 5))
    for (const name of ['kiosk', 'kiosk.lan']) {
      say(box, HOSTS[0]!, 'hostname', name)
      say(box, '10.0.0.99', 'hostname', name)
    }
    const reasons = async (): Promise<string> =>
      machinesIn(await box.report('update'))
        .flatMap((each) => each.reasons)
        .join()
    expect(await reasons()).toContain('goes by the same hostname kiosk')
    expect(await reasons()).toBe('')
    box.reporter.ignoredNames = new Set(['kiosk'])
    expect(await reasons()).toContain('goes by the same hostname kiosk.lan')
  })

  test('one that was part of another for a time is told again when it is not any more', async () => {
    const box = new Box(DEFAULT_ASSET_GROUPS)
    const ids = async (): Promise<string[]> =>
      machinesIn(await box.report('update'))
        .map(({ id }) => id)
        .sort()
    for (const ip of ['10.0.0.41', '10.0.0.42']) box.reporter.inventory.hear(keyOfText(ip)!, box.nowMs, box.nowMs)
    expect(await ids()).toEqual(['10.0.0.41', '10.0.0.42'])
    box.reporter.ignoredNames = new Set()
    say(box, '10.0.0.41', 'hostname', 'twin')
    say(box, '10.0.0.42', 'hostname', 'twin')
    expect(await ids()).toHaveLength(1)
    box.reporter.ignoredNames = new Set(['twin'])
    expect(await ids()).toEqual(['10.0.0.41', '10.0.0.42'])
    box.reporter.ignoredNames = new Set()
    expect(await ids()).toHaveLength(1)
    box.reporter.ignoredNames = new Set(['twin'])
    expect(await ids()).toEqual(['10.0.0.41', '10.0.0.42'])
  })

  describe('without an address', () => {
    const CARD = '00:1b:21:00:00:01'
    const PORT = '00:1b:21:00:00:02'
    const LATER_MS = 6 * 60_000

    /** It says what it is, as PROFINET, GOOSE, LLDP and CDP do. */
    const introduce = ({ reporter, nowMs }: Box, mac: string, value = 'crane-7'): void => {
      reporter.inventory.observe({ mac }, { kind: 'hostname', value, confidence: 80, source: 'lldp', atMs: nowMs })
    }

    test('one that introduces itself is told by its MAC, once it is clear that it will have none', async () => {
      const box = new Box(DEFAULT_ASSET_GROUPS)
      introduce(box, CARD)
      expect(await box.report('new')).toEqual([])
      box.nowMs += LATER_MS
      const [batch] = await box.report('new')
      expect(batch?.assets).toMatchObject([{ address: CARD, mac: CARD }])
      expect(batch?.machines).toMatchObject([{ id: CARD, addresses: [], macs: [CARD] }])
      expect(await box.report('new')).toEqual([])
      box.reporter.inventory.sightCard(parseInt(CARD.replaceAll(':', ''), 16), box.nowMs)
      const [update] = await box.report('update')
      expect([update?.assets.map(({ address }) => address), update?.machines]).toEqual([[CARD], []])
    })

    test('one that gets an address is told with that', async () => {
      const box = new Box(DEFAULT_ASSET_GROUPS)
      introduce(box, CARD)
      box.reporter.inventory.claim('10.0.0.7', CARD, box.nowMs)
      box.nowMs += LATER_MS
      const [batch] = await box.report('new')
      expect(batch?.assets.map(({ address }) => address)).toEqual(['10.0.0.7'])
      expect(batch?.machines).toMatchObject([{ id: CARD, addresses: ['10.0.0.7'] }])
    })

    test('a made-up MAC, or one that says nothing, is no machine', async () => {
      const box = new Box(DEFAULT_ASSET_GROUPS)
      introduce(box, FIRST!)
      box.reporter.inventory.sightCard(parseInt(CARD.replaceAll(':', ''), 16), box.nowMs)
      box.nowMs += LATER_MS
      expect(await box.report('update')).toEqual([])
    })

    test.each([
      ['of no range', '203.0.113.7', DEFAULT_ASSET_GROUPS],
      ['not inventoried', '10.20.0.7', WORLDS[1]!.groups],
      ['excluded', '10.0.0.2', WORLDS[1]!.groups],
      ['of the link, and excluded', '169.254.0.7', { ...WORLDS[1]!.groups, excludedRanges: ['169.254.0.0/16'] }],
    ])('nor is it told when it has an address that is %s, whichever is met first', async (_what, ip, groups) => {
      for (const isFirst of [true, false]) {
        const box = new Box(groups)
        if (isFirst) box.reporter.inventory.claim(ip, CARD, box.nowMs)
        introduce(box, CARD)
        if (!isFirst) box.reporter.inventory.claim(ip, CARD, box.nowMs)
        box.nowMs += LATER_MS
        expect(await box.report('update')).toEqual([])
      }
    })

    test('nor when another card of it has such an address, or is excluded itself (R-191)', async () => {
      const groups = { ...DEFAULT_ASSET_GROUPS, excludedRanges: ['10.0.0.7'], excludedMacs: ['00:1b:21:00:00:09'] }
      for (const secret of ['10.0.0.7', '203.0.113.7', '']) {
        const box = new Box(groups)
        const chassis = secret === '' ? '00:1b:21:00:00:09' : CARD
        introduce(box, PORT)
        box.reporter.inventory.relate(chassis, PORT, box.nowMs)
        if (secret !== '') box.reporter.inventory.claim(secret, chassis, box.nowMs)
        box.nowMs += LATER_MS
        expect(await box.report('update')).toEqual([])
      }
    })

    test('an address of the link says nothing of whose it is', async () => {
      const box = new Box(DEFAULT_ASSET_GROUPS)
      introduce(box, CARD)
      box.reporter.inventory.claim('169.254.0.7', CARD, box.nowMs)
      box.nowMs += LATER_MS
      expect(machinesIn(await box.report('update')).map(({ id }) => id)).toEqual([CARD])
    })

    test('who is excluded then is told no more', async () => {
      const box = new Box({ ...DEFAULT_ASSET_GROUPS })
      introduce(box, CARD)
      box.nowMs += LATER_MS
      await box.reporter.setGroups({ ...DEFAULT_ASSET_GROUPS, excludedMacs: [CARD] })
      introduce(box, CARD)
      expect(await box.report('update')).toEqual([])
      expect([...box.reporter.inventory.cards()]).toEqual([])
    })
  })

  test('who is excluded is told no more, not even as an address of another, and is forgotten (R-191)', async () => {
    const box = new Box(DEFAULT_ASSET_GROUPS)
    for (const host of [0, 1, 2]) {
      box.send(web(host, 5))
      say(box, HOSTS[host]!, 'hostname', `secret-${host}`)
    }
    await box.reporter.setGroups({ ...DEFAULT_ASSET_GROUPS, excludedRanges: [HOSTS[1]!], excludedMacs: [FIRST!] })
    for (const host of [0, 1, 2]) box.send(web(host, 5))
    say(box, HOSTS[1]!, 'hostname', 'secret-1')
    const told = JSON.stringify(await box.report('update'))
    expect(told).toContain('secret-2')
    for (const trace of ['secret-0', 'secret-1', HOSTS[0], HOSTS[1], FIRST, SECOND]) expect(told).not.toContain(trace)
    expect([...box.reporter.inventory.hosts()].map(({ ip }) => ip)).toEqual([HOSTS[2]])
  })

  test('nor when that happens while the report is being written', async () => {
    const box = new Box(DEFAULT_ASSET_GROUPS)
    box.send(web(1, 3))
    say(box, HOSTS[1]!, 'hostname', 'secret')
    await excludedWhileReporting(box, HOSTS[1]!)
    expect(JSON.stringify(await box.report('update'))).not.toContain('secret')
  })

  test('clues leave only with consent, and when it is given or taken back all are told again (R-165)', async () => {
    const box = new Box(DEFAULT_ASSET_GROUPS)
    box.send(web(0, 5))
    say(box, HOSTS[0]!, 'http-agent', 'agent/1.0', 0)
    say(box, HOSTS[0]!, 'hostname', 'desk')
    const saidIn = async (kind: Batch['kind']): Promise<string[]> =>
      machinesIn(await box.report(kind)).flatMap(({ said }) => said.map(({ value }) => value))
    expect(await saidIn('new')).toEqual(['desk'])
    box.reporter.mayTellClues = true
    expect(await saidIn('update')).toEqual(['agent/1.0', 'desk'])
    box.reporter.mayTellClues = false
    expect(await saidIn('update')).toEqual(['desk'])
  })

  test('an ignored hostname merges none (R-202)', async () => {
    const idsIn = async (ignored: string[]): Promise<string[]> => {
      const box = new Box(DEFAULT_ASSET_GROUPS)
      box.reporter.ignoredNames = new Set(ignored)
      for (const host of [0, 1]) {
        box.send(web(host, 5))
        say(box, HOSTS[host]!, 'hostname', 'Reception')
      }
      return machinesIn(await box.report('new'))
        .map(({ id }) => id)
        .sort()
    }
    expect(await idsIn([])).toEqual([FIRST])
    expect(await idsIn(['reception'])).toEqual([FIRST, SECOND])
  })

  test('what is not wanted any more is not told', async () => {
    const box = new Box(DEFAULT_ASSET_GROUPS)
    box.send(web(0, 5))
    say(box, HOSTS[0]!, 'hostname', 'desk')
    box.reporter.forgetSaid(({ source }) => source === 'test')
    const [machine] = machinesIn(await box.report('new'))
    expect([machine?.attributes, machine?.said]).toEqual([[], []])
  })

  test('the services that answered are told; a refusal offers none', async () => {
    const box = new Box(DEFAULT_ASSET_GROUPS)
    const segment = (from: number, to: number, ports: [number, number], payload: string): void => {
      const bytes = Buffer.concat([tcp(0x14, ...ports), Buffer.from(payload)])
      const mac = (host: number): string => `02 00 00 00 00 0${host}`
      const packet = ipv4(bytes, { source: HOSTS[from]!, destination: HOSTS[to]!, protocol: PROTOCOL.tcp })
      const frame = hex(mac(to), mac(from), '0800', packet)
      box.meter.packet(frame, 0, frame.length, frame.length, box.nowMs * 1000, LINK.ethernet)
    }
    segment(0, 1, [5000, 443], 'hello')
    segment(1, 0, [443, 5000], 'hello')
    segment(0, 1, [5000, 22], '')
    segment(1, 0, [22, 5000], '')
    const machine = machinesIn(await box.report('new')).find(({ id }) => id === SECOND)
    expect(machine?.said.map(({ kind, value }) => `${kind} ${value}`)).toEqual(['service tcp/443 https'])
  })
})
