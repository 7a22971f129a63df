import { confirmation, type Known } from './fuzz/confirmed'
import { readScreen } from './fuzz/read-screen'
import { readTalk } from './fuzz/read-talk'
import { sightOfScreen, sightOfTalk, type Sight } from './fuzz/sight'

/** The judge of the fuzz must be able to find something: what it takes for confirmed, and what it does not. */

const KNOWN: Known = {
  hasPassword: true,
  isProxyOn: true,
  isInForce: () => true,
  pastSentences: () => ['until2024-01-0203:04UTC'],
}

function screen(rows: string[], row: number, column = 0): Sight {
  return sightOfScreen(readScreen({ rows, cursor: { row, column } }))
}

const FORM = [
  '-- Static IP -----------',
  '  IP address [10.0.0.9       ] was 192.168.1.4',
  '  Netmask    [255.255.255.0  ]',
  '! Gateway    [10.0.0.1       ] 25 Gateway Unreachable',
  '  DNS1       [10.0.0.2       ]',
  '  DNS2       [               ]',
  '> [ Submit ]    [ Cancel ]',
]
const SENT = {
  ...{ mode: 'static', address: '10.0.0.9', netmask: '255.255.255.0' },
  ...{ gateway: '10.0.0.1', dns1: '10.0.0.2', dns2: '' },
}
const apply = (changes = {}) => ({ do: 'network.apply', with: { ...SENT, ...changes } })

test('a form is confirmed by its button with what its boxes hold, and by nothing else', () => {
  expect(confirmation(apply(), screen(FORM, 6), KNOWN)).toEqual({ objections: [], unseen: [], unknown: [] })
  expect(confirmation(apply({ dns1: '10.0.0.3' }), screen(FORM, 6), KNOWN).objections).toEqual([
    'DNS1 shows "10.0.0.2       "',
  ])
  expect(confirmation(apply({ dns2: '10.0.0.2' }), screen(FORM, 6), KNOWN).objections).toHaveLength(1)
  // The pointer at one place and the cursor at another, or the focus on Cancel or in a field.
  expect(confirmation(apply(), screen(FORM, 1, 14), KNOWN).objections).toEqual(['Enter is for "", not Submit'])
  expect(confirmation(apply(), screen(FORM, 6, 16), KNOWN).objections).toHaveLength(1)
  const onCancel = [...FORM.slice(0, 6), '  [ Submit ]  > [ Cancel ]']
  expect(confirmation(apply(), screen(onCancel, 6, 14), KNOWN).objections).toEqual([
    'Enter is for "Cancel", not Submit',
  ])
  expect(confirmation(apply({ mode: 'dhcp' }), screen(FORM, 6), KNOWN).objections).toHaveLength(2)
  expect(confirmation(apply(), screen(FORM.slice(0, 1).concat(FORM.slice(2)), 5), KNOWN).unseen).toEqual(['IP address'])
})

test('a choice is confirmed by the entry with the star', () => {
  const rows = (star: number): string[] => [
    '-- Set up Network ------',
    `> 1 (${star === 1 ? '*' : ' '}) DHCP (now)`,
    `  2 (${star === 2 ? '*' : ' '}) Static IP`,
    '  [ OK ]    [ Cancel ]',
  ]
  const dhcp = apply({ mode: 'dhcp' })
  expect(confirmation(dhcp, screen(rows(1), 1), KNOWN).objections).toEqual([])
  expect(confirmation(dhcp, screen(rows(2), 1), KNOWN).objections).toHaveLength(1)
  const onOk = [...rows(1).slice(0, 3), '> [ OK ]    [ Cancel ]']
  expect(confirmation(dhcp, screen(onOk, 3), KNOWN).objections).toEqual([])
})

test('what cannot be taken back needs its word in the box, and what nobody knows is never confirmed', () => {
  const rows = (word: string): string[] => [
    '-- Factory reset -------',
    `  Type RESET [${word.padEnd(32)}]`,
    '> [ Factory reset ]    [ Cancel ]',
  ]
  const reset = { do: 'system.reset', with: { confirmation: 'RESET' } }
  expect(confirmation(reset, screen(rows('RESET'), 2), KNOWN).objections).toEqual([])
  expect(confirmation(reset, screen(rows('reset'), 2), KNOWN).objections).toHaveLength(1)
  expect(confirmation({ ...reset, do: 'system.format' }, screen(rows('RESET'), 2), KNOWN).objections).toHaveLength(1)
})

test('secrets: as many stars, and a kept one is said to be kept', () => {
  const rows = (stars: string): string[] => [
    '-- Proxy Configuration --',
    '  Proxy User     [joe                             ]',
    `  Proxy Password [${stars.padEnd(16)}]`,
    '> [ Submit ]    [ Cancel ]',
  ]
  const sent = (password?: string) => ({
    do: 'proxy.apply',
    with: { enabled: true, host: 'proxy', port: 8080, auth: 'basic', user: 'joe', ...(password && { password }) },
  })
  const found = (password: string | undefined, stars: string) =>
    confirmation(sent(password), screen(rows(stars), 3), KNOWN)
  expect(found('secret', '******')).toEqual({ objections: [], unseen: [], unknown: ['BasicAuth'] })
  expect(found('secret', '*****').objections).toHaveLength(1)
  expect(found(undefined, '(kept)').objections).toEqual([])
  expect(found(undefined, '').objections).toHaveLength(1)
})

test('plain mode: the last answer to the last list, and the summary above it', () => {
  const talk = (answer: string, dns1 = '10.0.0.2'): Sight => {
    const lines = ['', 'Static IP', 'DNS2: ', 'IP address: 10.0.0.9, was 10.0.0.8', 'Netmask: 255.255.255.0']
    lines.push('Gateway: 10.0.0.1', `DNS1: ${dns1}`, 'DNS2: empty', '1 Submit', '2 Cancel')
    lines.push(`Choose 1 to 2 [1]: ${answer}`, 'Checking the values ...')
    return sightOfTalk(readTalk(lines.join('\r\n'), ['Static IP', 'Main menu']))
  }
  for (const answer of ['', '1', 'sub', 'x\b \b1']) {
    expect(confirmation(apply(), talk(answer), KNOWN).objections).toEqual([])
  }
  for (const answer of ['2', 'b', 'r', '3', 'c']) {
    expect(confirmation(apply(), talk(answer), KNOWN).objections).toHaveLength(1)
  }
  expect(confirmation(apply(), talk('1', '10.0.0.3'), KNOWN).objections).toEqual(['DNS1 is said to be "10.0.0.3"'])
})

test('a screen that shows a part of what it sends changes nothing of the rest', () => {
  const rows = ['-- IPv6 ----------------', '> 1 (*) None', '  2 ( ) DHCPv6', '  [ OK ]    [ Cancel ]']
  const asked = apply({ ipv6: 'off' })
  expect(confirmation(asked, screen(rows, 1), KNOWN).objections).toEqual([])
  const known = { ...KNOWN, isInForce: (key: string) => key !== 'address' }
  expect(confirmation(asked, screen(rows, 1), known).objections).toEqual([
    'address is another one, and not on this screen',
  ])
})

test('plain mode: a refusal that begins with a number is no list', () => {
  const lines = [
    '',
    'IPv6',
    '1 None',
    '2 DHCPv6',
    'Choose 1 to 2 [1]: x',
    '1 cannot be a DNS server.',
    'Enter another.',
  ]
  const { pressed } = sightOfTalk(readTalk([...lines, 'Choose 1 to 2 [1]: 1'].join('\r\n'), ['IPv6']))
  expect(pressed).toBe('None')
})
