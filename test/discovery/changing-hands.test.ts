import { ethernet, hex, ipv4, LINK, udp } from '../wire/frames'
import { Listening } from './overhear'

const CARD = '00 00 5e 00 53 0a'
const OTHER = '00 00 5e 00 53 0b'

function give({ take }: Listening, frame: Buffer): void {
  take(frame, 0, frame.length, frame.length, 1_700_000_000_000_000, LINK.ethernet)
}

function arp(card: string): Buffer {
  return hex('ffffffffffff', card, '0806 0001 0800 06 04 0001', card, '0a000005 000000000000 0a000001')
}

/** An access point at 10.0.0.5 says which card it has, and then its name. */
function accessPoint(card: string, port = 10_001): Buffer {
  const said = hex('02 000a', card, '0a000005 0b 0003', Buffer.from('ap7'))
  return ethernet('0800', ipv4(udp(10_001, port, hex('01 00', '0013', said)), { source: '10.0.0.5' }))
}

/** A machine at 10.0.0.5 answers for its status with the name BETA, and with its card. */
function status(card: string): Buffer {
  const data = hex('01', Buffer.from('BETA'.padEnd(15)), '00 0400', card, '00'.repeat(40))
  const name = hex('20', Buffer.from(`CK${'AA'.repeat(15)}`), '00')
  const message = hex('0001 8400 0000 0001 0000 0000', name, '0021 0001 00000000 0041', data)
  return ethernet('0800', ipv4(udp(137, 137, message), { source: '10.0.0.5' }))
}

/** A machine at 10.0.0.5 registers its name, ALPHA, by NetBIOS. */
function registration(card: string): Buffer {
  const name = hex('20', Buffer.from(`EBEMFAEIEB${'CA'.repeat(10)}AA`), '00')
  const message = hex('0001 2910 0001 0000 0000 0001', name, '0020 0001 c00c 0020 0001 00000000 0006 0000 0a000005')
  return hex(
    'ffffffffffff',
    card,
    '0800',
    ipv4(udp(137, 137, message), { source: '10.0.0.5', destination: '10.0.0.255' }),
  )
}

test.each([
  ['an access point', accessPoint],
  ['a computer', status],
])('what %s says beside its card is not said of who had its address before', (_who, says) => {
  const listening = new Listening()
  give(listening, arp(CARD))
  give(listening, says(OTHER))
  const named = [...listening.inventory.hosts()].filter(({ evidence }) => evidence.all.length > 0)
  expect(named.map(({ mac }) => mac.toString(16))).toEqual(['5e00530b'])
})

test('a machine that is excluded by a card of which it speaks itself leaves nothing behind (R-191)', () => {
  const listening = new Listening({ admits: (_key, mac) => mac !== 0x5e00530b })
  for (let port = 1; port < 10; port++) give(listening, accessPoint(OTHER, port))
  expect(listening.lines).toEqual([])
  expect(listening.inventory.budget.bytes).toBe(0)
})

test('nor does one that is excluded by the card whose frames name it (R-191)', () => {
  const linesAfter = (card: string): string[] => {
    const listening = new Listening({ admits: (_key, mac) => mac !== 0x5e00530b })
    give(listening, registration(card))
    return listening.lines
  }
  expect(linesAfter(OTHER)).toEqual([])
  expect(linesAfter(CARD)).toEqual(['10.0.0.5 nbns hostname ALPHA'])
})

test('an excluded router is not known by its role either (R-191)', () => {
  const listening = new Listening({ admits: (_key, mac) => mac !== 0x5e00530b })
  const hello = ipv4(Buffer.alloc(44, 2), { source: '10.0.0.5', destination: '224.0.0.5', protocol: 89 })
  give(listening, hex('01005e000005', OTHER, '0800', hello))
  expect(listening.lines).toEqual([])
  give(listening, hex('01005e000005', CARD, '0800', hello))
  expect(listening.lines).toEqual(['10.0.0.5 ospf role ospf router'])
})
