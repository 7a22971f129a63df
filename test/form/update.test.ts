import fc from 'fast-check'
import { issue } from '../../src/errors/issue'
import type { Key } from '../../src/form/keys'
import { focused, isEnabled } from '../../src/form/places'
import { isReady, LOCK_AFTER_MS, shown, WITHDRAWABLE } from '../../src/form/state'
import { view } from '../../src/form/view'
import { CANCELLABLE } from '../../src/sensor/messages'
import { Engine, FACTS, NETWORK, PROXY } from './driver'

const screenOf = (engine: Engine): string => shown(engine.state).screen.name
const focusOf = (engine: Engine): string => {
  const place = focused(shown(engine.state))
  if (place === undefined) return ''
  return place.kind === 'item' ? place.item.label : place.kind === 'field' ? place.field.label : place.button.label
}

test('lists do not wrap around, and remember where one came from', () => {
  const engine = new Engine().press('up')
  expect(focusOf(engine)).toBe('Set up Network')
  engine.press('end', 'down', 'down')
  expect(focusOf(engine)).toBe('Exit')
  engine.type('2').press('enter').done(PROXY).press('escape')
  expect(focusOf(engine)).toBe('Proxy Configuration')
})

test('letters go to the next item that starts with them, digits to their item', () => {
  const engine = new Engine().type('p')
  expect(focusOf(engine)).toBe('Proxy Configuration')
  expect(focusOf(engine.type('P'))).toBe('Personalize this scanner')
  expect(focusOf(engine.type('p'))).toBe('Proxy Configuration')
  expect(focusOf(engine.type('7'))).toBe('Recent flows')
  expect(focusOf(engine.type('0x'))).toBe('Recent flows')
  expect(focusOf(engine.type('r'))).toBe('Recent errors')
})

test('a choice starts on what is in force', () => {
  const engine = new Engine().press('enter').done({ ...NETWORK, 'network.mode': 'static' })
  expect(focusOf(engine)).toBe('Static IP')
})

test('a disabled entry cannot be reached and says why', () => {
  const engine = new Engine().type('2').press('enter').done(PROXY)
  expect(focusOf(engine)).toBe('Enable Proxy')
  expect(focusOf(engine.press('down'))).toBe('Enable Proxy, try it later')
  engine.press('up').type('d')
  expect(focusOf(engine)).toBe('Enable Proxy')
  expect(engine.state.note).toBe('Disable Proxy: none is in use.')
  engine.input({ kind: 'facts', facts: { ...FACTS, 'proxy.enabled': 'true' } }).press('down', 'enter')
  expect(engine.effects.at(-1)).toMatchObject({ operation: 'proxy.apply', values: { 'proxy.enabled': 'false' } })
})

test('what is disabled while it has the focus loses it', () => {
  const engine = new Engine({ ...FACTS, 'proxy.enabled': 'true' })
  engine
    .type('2')
    .press('enter')
    .done({ ...PROXY, 'proxy.enabled': 'true' })
    .type('d')
  expect(focusOf(engine)).toBe('Disable Proxy')
  engine.input({ kind: 'facts', facts: FACTS }).press('enter')
  expect(screenOf(engine)).toBe('proxy-details')
})

test('OK accepts the chosen item, whichever way one got there', () => {
  for (const way of [['enter'], ['tab', 'enter'], ['down', 'up', 'enter'], ['up', 'down', 'tab', 'enter']] as const) {
    const engine = new Engine().press('enter').done(NETWORK).type('2')
    expect(screenOf(engine.press(...way))).toBe('network-static')
  }
  const cancelled = new Engine().press('enter').done(NETWORK).press('tab', 'right', 'enter')
  expect(screenOf(cancelled)).toBe('main')
})

test('values of earlier steps are kept while going back and forth', () => {
  const engine = new Engine().openProxy()
  engine.type('proxy.example.com').press('tab').type('3128').press('tab', 'enter').done().type('b').press('enter')
  engine.type('joe').press('escape', 'escape')
  expect(screenOf(engine)).toBe('proxy-details')
  expect(engine.state.draft).toMatchObject({ 'proxy.host': 'proxy.example.com', 'proxy.port': '3128' })
  expect(focusOf(engine)).toBe('Next')
  engine.press('enter').done()
  expect(focusOf(engine)).toBe('BasicAuth')
  engine.press('enter', 'tab').type('secret').press('enter', 'enter')
  expect(engine.effects.at(-1)).toEqual({
    kind: 'ask',
    operation: 'proxy.apply',
    values: {
      'proxy.enabled': 'true',
      'proxy.host': 'proxy.example.com',
      'proxy.port': '3128',
      'proxy.auth': 'basic',
      'proxy.user': 'joe',
      'proxy.password': 'secret',
    },
  })
  engine.done().press('enter')
  expect(screenOf(engine)).toBe('main')
  expect(engine.state.draft).toEqual({})
})

test('what was typed on a screen and left there is not sent from another one that does not show it', () => {
  const inForce = { ...NETWORK, 'network.ipv6': 'off', 'network.vlan': '', 'network.mtu': '' }
  const engine = new Engine().openStatic(inForce).type('10.9.9.9').press('escape')
  engine.type('3').press('enter').type('2').press('enter')
  const sent = { ...inForce, 'network.ipv6': 'auto' }
  expect(engine.effects.at(-1)).toEqual({ kind: 'ask', operation: 'network.apply', values: sent })
  // It is still there for who goes back to it.
  engine.refused().press('escape').type('2').press('enter')
  expect(engine.state.draft).toMatchObject({ 'network.address': '10.9.9.9' })
  const proxy = { ...PROXY, 'proxy.enabled': 'true', 'proxy.host': 'p' }
  const other = new Engine({ ...FACTS, 'proxy.enabled': 'true' }).openProxy(proxy).press('clear').type('q')
  other.press('tab', 'tab', 'enter').done().type('b').press('enter', 'tab').type('secret')
  other.press('escape', 'home', 'enter')
  expect(other.effects.at(-1)).toEqual({
    kind: 'ask',
    operation: 'proxy.apply',
    values: { ...proxy, 'proxy.host': 'q', 'proxy.auth': 'none' },
  })
  other.refused().press('escape', 'escape').type('2').press('enter')
  const off = { ...proxy, 'proxy.enabled': 'false' }
  expect(other.effects.at(-1)).toEqual({ kind: 'ask', operation: 'proxy.apply', values: off })
})

test('a kept password stays when only looked at, and goes when cleared', () => {
  const there = { ...PROXY, 'proxy.host': 'p', 'proxy.auth': 'ntlm', 'proxy.user': 'joe' }
  const open = (): Engine =>
    new Engine().openProxy(there, ['proxy.password']).press('tab', 'tab', 'enter').done().press('enter', 'tab')
  const looked = open().press('left', 'end', 'backspace', 'tab', 'enter')
  expect(looked.effects.at(-1)).not.toHaveProperty(['values', 'proxy.password'])
  const cleared = open().press('clear', 'tab', 'enter')
  expect(cleared.effects.at(-1)).toHaveProperty(['values', 'proxy.password'], '')
  const typed = open().type('x').press('tab', 'enter')
  expect(typed.effects.at(-1)).toHaveProperty(['values', 'proxy.password'], 'x')
})

test('every issue stands at its field, the cursor at the first; all values stay', () => {
  const engine = new Engine().openStatic().type('10.0.0.9').press('enter').type('x')
  engine.press('down', 'down', 'down', 'down', 'enter')
  engine.refused(
    issue('netmask', 18, { reason: 'x is no netmask' }),
    issue('gateway', 14, { value: '', reason: 'it is missing' }),
  )
  expect(focusOf(engine)).toBe('Netmask')
  expect(engine.state.issues.map(({ setting }) => setting)).toEqual(['network.netmask', 'network.gateway'])
  expect(engine.state.draft).toMatchObject({ 'network.address': '10.0.0.9', 'network.netmask': 'x' })
  expect(isReady(engine.state)).toBe(true)
})

test('an issue of a step still ahead does not stop a wizard, one of an earlier step leads back to it', () => {
  const engine = new Engine().openProxy().type('p').press('tab', 'tab', 'enter')
  engine.refused(issue('user', 20))
  expect(screenOf(engine)).toBe('proxy-auth')
  engine
    .type('b')
    .press('enter')
    .press('tab', 'tab', 'enter')
    .refused(issue('port', 22, { reason: 'no' }))
  expect(screenOf(engine)).toBe('proxy-details')
  expect(focusOf(engine)).toBe('Proxy Port')
})

test('a port that is none is refused before anything is asked', () => {
  const engine = new Engine().openProxy().type('p').press('tab').type('http').press('tab', 'enter')
  expect(engine.effects.at(-1)).toMatchObject({ kind: 'load' })
  expect(engine.state.issues).toMatchObject([{ setting: 'proxy.port', number: 22 }])
  expect(focusOf(engine)).toBe('Proxy Port')
})

test('an issue no field is to blame for is said on the screen', () => {
  const engine = new Engine().openStatic().press('tab', 'tab', 'tab', 'tab', 'tab', 'enter')
  engine.refused(issue('', 10, { reason: 'the disk is full' }))
  const text = view(engine.state, { columns: 80, rows: 24 }, { header: [], notice: [] })
    .lines.map((line) => line.text)
    .join('\n')
  expect(text).toContain('10 Internal Error\nThe appliance could not do that: the disk is full.\nTry again.')
  expect(screenOf(engine)).toBe('network-static')
})

test('keys wait for the first status and while an operation runs', () => {
  const engine = new Engine()
  expect(isReady(engine.state)).toBe(true)
  engine.press('enter')
  expect(isReady(engine.state)).toBe(false)
  expect(isReady(engine.done(NETWORK).state)).toBe(true)
})

test('Ctrl-C on the main menu shows the way out and does not take it', () => {
  const engine = new Engine().press('interrupt')
  expect(focusOf(engine)).toBe('Exit')
  expect(engine.effects).toEqual([])
  engine.press('enter')
  expect(engine.effects).toEqual([{ kind: 'exit' }])
})

test('the lock covers whatever is open, after ten idle minutes again, and gives it back', () => {
  const engine = new Engine({ ...FACTS, 'console.lock': 'true' })
  expect(screenOf(engine)).toBe('unlock')
  engine.press('escape', 'interrupt').input({ kind: 'home' })
  expect(screenOf(engine)).toBe('unlock')
  engine.type('1234').press('enter', 'enter').done()
  expect(screenOf(engine)).toBe('main')
  engine.openStatic().type('10.0.0.9')
  engine.input({ kind: 'tick', nowMs: LOCK_AFTER_MS - 1 })
  expect(screenOf(engine)).toBe('network-static')
  engine.input({ kind: 'tick', nowMs: LOCK_AFTER_MS })
  expect(screenOf(engine)).toBe('unlock')
  engine.type('1234').press('enter', 'enter')
  expect(engine.effects.at(-1)).toMatchObject({ operation: 'unlock', values: { 'unlock.pin': '1234' } })
  engine.done()
  expect(screenOf(engine)).toBe('network-static')
  expect(engine.state.draft).toMatchObject({ 'network.address': '10.0.0.9' })
  expect(engine.state.draft).not.toHaveProperty(['unlock.pin'])
})

test('a word typed before the lock came confirms nothing for whoever has opened it', () => {
  const engine = new Engine({ ...FACTS, 'console.lock': 'true' }).type('1234').press('enter', 'enter').done()
  engine
    .press('home', ...Array<'down'>(12).fill('down'), 'enter')
    .type('3')
    .press('enter')
    .type('RESET')
    .press('enter')
    .input({ kind: 'locked' })
  engine.type('1234').press('enter', 'enter').done()
  expect(screenOf(engine)).toBe('reset')
  engine.press('enter')
  expect(engine.effects.at(-1)).toEqual({ kind: 'unconfirmed' })
  expect(engine.state.note).toMatch(/^Nothing was done/)
})

test('without a lock, too, a word typed by who has left confirms nothing, nor one that was left there for long', () => {
  const leave = { kind: 'locked' } as const
  const idle = { kind: 'tick', nowMs: LOCK_AFTER_MS } as const
  for (const input of [leave, idle]) {
    const engine = new Engine()
      .press('home', ...Array<'down'>(12).fill('down'), 'enter')
      .type('3')
      .press('enter')
    engine.type('RESET').press('enter').input(input).press('enter')
    expect(screenOf(engine)).toBe('reset')
    expect(engine.effects.some(({ kind }) => kind === 'ask')).toBe(false)
    expect(engine.state.note).toMatch(/^Nothing was done/)
  }
})

test('a password that is still being checked when the lock is turned off elsewhere opens and closes nothing', () => {
  for (const answer of [{ kind: 'done' }, { kind: 'refused', issues: [issue('pin', 28)] }] as const) {
    const engine = new Engine().openStatic()
    engine
      .input({ kind: 'facts', facts: { ...FACTS, 'console.lock': 'true' } })
      .type('1234')
      .press('enter', 'enter')
    engine.input({ kind: 'facts', facts: FACTS }).input(answer)
    expect(screenOf(engine)).toBe('network-static')
    expect(engine.state.issues).toEqual([])
    expect(isReady(engine.state)).toBe(true)
  }
})

test('who has gone leaves a locked console behind, at home after a while, and never one that opens by itself', () => {
  const engine = new Engine({ ...FACTS, 'console.lock': 'true' }).type('1234').press('enter', 'enter').done()
  engine.openStatic().type('10.0.0.9').input({ kind: 'locked' })
  expect(screenOf(engine)).toBe('unlock')
  engine.type('1234').press('enter', 'enter').done()
  expect(screenOf(engine)).toBe('network-static')
  engine.input({ kind: 'locked' }).input({ kind: 'home' })
  expect(screenOf(engine)).toBe('unlock')
  engine.type('1234').press('enter', 'enter').done()
  expect(screenOf(engine)).toBe('main')
  expect(engine.state.draft).toEqual({})
  // During an operation the lock waits for its end, and closes before any further key.
  engine.press('home', 'enter').input({ kind: 'locked' })
  expect(screenOf(engine)).toBe('main')
  engine.done(NETWORK).input({ kind: 'tick', nowMs: 1 })
  expect(screenOf(engine)).toBe('unlock')
})

test('whoever comes to a locked console finds the password empty and the focus on it', () => {
  const leave = { kind: 'locked' } as const
  const idle = { kind: 'tick', nowMs: LOCK_AFTER_MS } as const
  const exit = { kind: 'home' } as const
  for (const input of [leave, idle, exit]) {
    const engine = new Engine({ ...FACTS, 'console.lock': 'true' }).type('12').press('tab', 'tab').input(input)
    engine.type('0000').press('enter', 'enter')
    expect(engine.effects.at(-1)).toMatchObject({ operation: 'unlock', values: { 'unlock.pin': '0000' } })
  }
})

test('what was under way when somebody has gone opens no screen for whoever comes next', () => {
  const engine = new Engine().openProxy().type('10.0.0.3').press('enter').type('3128').press('enter', 'enter')
  expect(engine.effects.at(-1)).toMatchObject({ operation: 'proxy.check' })
  engine.input({ kind: 'home' }).done()
  expect(screenOf(engine)).toBe('main')
  engine.type('1').press('enter').input({ kind: 'home' }).done(NETWORK)
  expect(screenOf(engine)).toBe('main')
  expect(isReady(engine.state)).toBe(true)
})

test('without console.lock nothing is locked when somebody has gone', () => {
  expect(screenOf(new Engine().openStatic().input({ kind: 'locked' }))).toBe('network-static')
})

test('each wrong password doubles the wait', () => {
  const engine = new Engine({ ...FACTS, 'console.lock': 'true' })
  const waits = Array.from({ length: 8 }, () => {
    engine.type('0000').press('enter', 'enter').refused(issue('pin', 28))
    const waitMs = engine.state.lock.opensAtMs - engine.state.nowMs
    expect(isReady(engine.state)).toBe(false)
    engine.input({ kind: 'tick', nowMs: engine.state.lock.opensAtMs })
    return waitMs / 1000
  })
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
})

const PAST = [
  { label: 'one', values: { 'history.id': '7', 'history.until': 'noon', 'history.changes': '\nDNS1: now a, then b' } },
  { label: 'two', values: { 'history.id': '6', 'history.until': 'dawn', 'history.changes': '\nDNS2: now c, then d' } },
]
const textOf = (engine: Engine, columns = 80, rows = 24): string =>
  view(engine.state, { columns, rows }, { header: [], notice: [] })
    .lines.map((line) => line.text.trimEnd())
    .join('\n')

test('a list is filled when it is opened; what is chosen is reviewed, and put in force only by its button', () => {
  const engine = new Engine().type('9').press('enter')
  expect(engine.effects).toEqual([{ kind: 'load', operation: 'history.list', values: {} }])
  engine.input({ kind: 'done', items: PAST }).press('down', 'enter')
  expect(textOf(engine)).toContain('until dawn UTC changes this:\nDNS2: now c, then d')
  engine.press('escape').press('up', 'enter')
  expect(textOf(engine)).toContain('until noon UTC changes this:\nDNS1: now a, then b')
  expect(engine.effects).toHaveLength(1)
  engine.press('enter')
  expect(engine.effects.at(-1)).toMatchObject({ operation: 'history.restore', values: { 'history.id': '7' } })
  engine.done()
  expect(screenOf(engine)).toBe('restore-done')
})

const machines = (from: number, until: number): { label: string; values: Record<string, string> }[] =>
  Array.from({ length: until - from }, (_none, at) => ({
    label: `20:31  10.0.0.${from + at}`,
    values: { 'asset.who': `10.0.0.${from + at}` },
  }))

test('the machines: one of the list is opened, another one is found, and each list keeps what it had found', () => {
  const engine = new Engine().type('mm').press('enter')
  expect(engine.effects).toEqual([{ kind: 'load', operation: 'assets', values: {} }])
  engine.input({ kind: 'done', values: { 'assets.count': '100 of 9,871 machines' }, items: machines(0, 100) })
  expect(textOf(engine)).toContain('100 of 9,871 machines, the latest first')
  expect(focusOf(engine)).toBe('Find a machine')
  engine.press('down', 'down', 'enter')
  expect(engine.effects.at(-1)).toEqual({ kind: 'show', page: 'asset' })
  expect(engine.state.draft['asset.who']).toBe('10.0.0.1')
  engine.press('escape').type('f').press('enter').type('10.0.0.2').press('tab', 'enter')
  expect(engine.effects.at(-1)).toMatchObject({ operation: 'assets', values: { 'assets.text': '10.0.0.2' } })
  engine.input({ kind: 'done', values: { 'assets.count': '10 machines' }, items: machines(20, 30) })
  expect(screenOf(engine)).toBe('machines-found')
  expect(textOf(engine)).toContain('10 machines, best match first')
  expect(screenOf(engine.press('enter'))).toBe('machine')
  expect(engine.state.draft['asset.who']).toBe('10.0.0.20')
  expect(screenOf(engine.press('escape', 'escape', 'escape'))).toBe('machines')
  expect(textOf(engine)).toContain('100 of 9,871 machines, the latest first')
})

test('when nothing is found, it is said above what can be done all the same', () => {
  const engine = new Engine().type('mm').press('enter').done()
  expect(textOf(engine)).toContain('No machine has been heard yet.')
  engine.press('enter').type('x').press('tab', 'enter').done()
  expect(textOf(engine)).toContain('No machine has this in an address, a MAC or its name.')
})

test('through a long list Page Up and Page Down go by ten, through a menu to its end', () => {
  const engine = new Engine()
    .type('mm')
    .press('enter')
    .input({ kind: 'done', items: machines(0, 25) })
  const at = (...keys: Parameters<Engine['press']>): string => focusOf(engine.press(...keys)) ?? ''
  expect(at('page-down')).toMatch(/10\.0\.0\.9$/)
  expect(at('page-down', 'page-down')).toMatch(/10\.0\.0\.24$/)
  expect(at('page-up')).toMatch(/10\.0\.0\.14$/)
  expect(at('home')).toBe('Find a machine')
  expect(at('end')).toMatch(/10\.0\.0\.24$/)
  expect(focusOf(new Engine().press('page-down'))).toBe('Exit')
})

test('an empty list says so, and Esc leads out of it', () => {
  const engine = new Engine().type('9').press('enter').done()
  expect(textOf(engine)).toContain('No earlier settings are kept yet.')
  engine.press('enter', 'down', 'up').type('1')
  expect(screenOf(engine)).toBe('restore')
  expect(screenOf(engine.press('escape'))).toBe('main')
})

test.each([
  ['r', 'reboot', 'REBOOT'],
  ['s', 'shutdown', 'SHUTDOWN'],
  ['f', 'reset', 'RESET'],
])('%s of System does nothing until its word is typed as it stands there', (letter, name, word) => {
  const engine = new Engine().press('end').type('sss').press('enter').type(letter).press('enter')
  expect(screenOf(engine)).toBe(name)
  for (const wrong of ['', word.toLowerCase(), `${word} `, word.slice(1)]) {
    engine.press('clear').type(wrong).press('enter', 'enter')
    expect(engine.effects.splice(0)).toEqual([{ kind: 'unconfirmed' }])
    expect(focusOf(engine)).toBe(`Type ${word}`)
    expect(engine.state.note).toContain('Nothing was done.')
  }
  engine.press('clear').type(word).press('enter', 'enter')
  expect(engine.effects).toMatchObject([{ operation: `system.${name}`, values: { 'system.confirmation': word } }])
})

test('a word typed for one thing is not there for the next', () => {
  const engine = new Engine().press('end').type('sss').press('enter').type('r').press('enter').type('RESET')
  engine.press('escape').type('f').press('enter', 'enter', 'enter')
  expect(engine.effects.some(({ kind }) => kind === 'ask')).toBe(false)
})

test('the console lock is set with the password, and not asked for again at once', () => {
  const engine = new Engine().type('c').press('enter').type('a').press('enter').type('0000').press('enter')
  engine.type('1234').press('enter').type('1234').press('enter', 'enter')
  expect(engine.effects.at(-1)).toMatchObject({
    operation: 'console.lock',
    values: { 'console.lock': 'true', 'console.pin': '0000', 'console.newPin': '1234', 'console.again': '1234' },
  })
  engine.done().input({ kind: 'tick', nowMs: 100 })
  expect(screenOf(engine)).toBe('lock-done')
  engine.input({ kind: 'facts', facts: { ...FACTS, 'console.lock': 'true' } })
  expect(screenOf(engine)).toBe('lock-done')
  expect(screenOf(engine.input({ kind: 'tick', nowMs: LOCK_AFTER_MS }))).toBe('unlock')
})

test('a password that one comes back to is typed anew, not added to', () => {
  const engine = new Engine().type('c').press('enter').type('a').press('enter').type('9999')
  engine.press('enter', 'enter', 'enter', 'enter').refused(issue('pin', 28))
  expect(focusOf(engine)).toBe('Password now')
  engine.type('0000').press('enter', 'enter', 'enter', 'enter')
  expect(engine.effects.at(-1)).toMatchObject({ values: { 'console.pin': '0000' } })
})

test('what only reads is given up at once, what can be withdrawn is, the rest after ten seconds', () => {
  const reading = new Engine().press('enter').input({ kind: 'stop' })
  expect(isReady(reading.state)).toBe(true)
  expect(reading.state.issues).toEqual([])
  const submit = (): Engine => new Engine().openStatic().press('tab', 'tab', 'tab', 'tab', 'tab', 'enter')
  const applying = submit()
  expect(textOf(applying)).toContain('Ctrl-C cancels')
  applying.input({ kind: 'stop' })
  expect(applying.effects.at(-1)).toEqual({ kind: 'withdraw' })
  expect(isReady(applying.state)).toBe(false)
  expect(textOf(applying)).toContain('Putting back what was there before')
  applying.refused(issue('', 10, { reason: 'cancelled' }))
  expect(textOf(applying)).toContain('Cancelled. What was in force before is in force still.')
  expect(applying.state.issues).toEqual([])
  // It was done already when the sensor heard of it.
  expect(screenOf(submit().input({ kind: 'stop' }).done())).toBe('network-done')
  // A sensor that does not even answer that is not waited for for ever.
  const deaf = submit().input({ kind: 'stop' }).input({ kind: 'tick', nowMs: 10_000 }).input({ kind: 'stop' })
  expect(isReady(deaf.state)).toBe(true)
  const spending = new Engine().type('3').press('enter').type('70192264604618').press('tab', 'enter')
  expect(isReady(spending.input({ kind: 'stop' }).state)).toBe(false)
  spending.input({ kind: 'tick', nowMs: 10_000 }).input({ kind: 'stop' })
  expect(isReady(spending.state)).toBe(true)
  expect(textOf(spending)).toContain('it may still come to its end')
})

test('what differs from what is in force says what it was; what was empty before says nothing', () => {
  const engine = new Engine().openStatic({ ...NETWORK, 'network.mode': 'static', 'network.gateway': '10.0.0.1' })
  engine.type('10.0.0.9').press('tab', 'tab')
  expect(textOf(engine)).not.toContain('was')
  engine.type('10.0.0.2')
  expect(textOf(engine)).toContain('>10.0.0.2       ] was 10.0.0.1')
  // Also where it does not fit beside the field.
  expect(textOf(engine, 40, 14)).toContain('>10.0.0.2       ]\n    was 10.0.0.1')
  engine.press('clear')
  expect(textOf(engine)).toContain('>               ] was 10.0.0.1')
  engine.type('10.0.0.1')
  expect(textOf(engine)).not.toContain('was')
})

test('a secret that is changed says only that', () => {
  const there = { ...PROXY, 'proxy.auth': 'basic', 'proxy.user': 'joe' }
  const engine = new Engine().openProxy(there, ['proxy.password']).type('p').press('tab', 'tab', 'enter').done()
  engine.press('enter', 'tab').type('s3cret')
  expect(textOf(engine)).toContain('[joe')
  expect(textOf(engine)).toContain('] changed')
  expect(textOf(engine)).not.toContain('s3cret')
})

test('Up at the first place brings a prompt into sight that a small screen has no room for', () => {
  const changes = Array.from({ length: 11 }, (_none, index) => `\nline ${index}`).join('')
  const items = [{ label: 'one', values: { 'history.id': '7', 'history.until': 'noon', 'history.changes': changes } }]
  const engine = new Engine().type('9').press('enter').input({ kind: 'done', items }).press('enter')
  expect(textOf(engine, 40, 12)).not.toContain('line 0')
  engine.press('up', 'up', 'up')
  expect(textOf(engine, 40, 12)).toContain('line 0')
  expect(textOf(engine.press('down'), 40, 12)).toContain('> [ Cancel ]')
})

const NAMES =
  'enter tab back-tab up down left right home end page-up page-down backspace delete clear escape interrupt redraw'
const anyKey: fc.Arbitrary<Key> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NAMES.split(' ')).map((name) => ({ name }) as Key) },
  { weight: 1, arbitrary: fc.stringMatching(/^[ -~]$/).map((text): Key => ({ name: 'char', text })) },
)
const anyFacts = fc.record({
  'proxy.enabled': fc.constantFrom('true', 'false'),
  'console.lock': fc.constantFrom('true', 'false', 'false', 'false'),
})
const anyIssue = fc
  .constantFrom('', 'address', 'netmask', 'dns2', 'host', 'port', 'auth', 'user', 'password', 'code', 'pin', 'nothing')
  .map((field) => issue(field, 13, { value: 'x', reason: 'it is a test' }))
type Step =
  | { key: Key }
  | { facts: Record<string, string> }
  | { isDone: true }
  | { issue: ReturnType<typeof issue> }
  | { stop: true }
  | { ms: number }
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ key: anyKey }) },
  { weight: 1, arbitrary: fc.record({ facts: anyFacts }) },
  { weight: 4, arbitrary: fc.record({ isDone: fc.constant(true as const) }) },
  { weight: 1, arbitrary: fc.record({ issue: anyIssue }) },
  { weight: 1, arbitrary: fc.record({ stop: fc.constant(true as const) }) },
  { weight: 1, arbitrary: fc.record({ ms: fc.constantFrom(100, 5_000, LOCK_AFTER_MS) }) },
)

test('random keys, answers and changes never leave the focus on a disabled place, nor a view that does not fit', () => {
  fc.assert(
    fc.property(
      fc.array(anyStep, { maxLength: 120 }),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 60 }),
      (steps, columns, rows) => {
        const engine = new Engine()
        let nowMs = 0
        for (const step of steps) {
          if ('key' in step) {
            if (isReady(engine.state)) engine.input({ kind: 'key', key: step.key })
          } else if ('facts' in step) engine.input({ kind: 'facts', facts: { ...FACTS, ...step.facts } })
          else if ('isDone' in step) {
            const values = { ...NETWORK, ...PROXY }
            engine.input({ kind: 'done', values, keptSecrets: ['proxy.password'], items: PAST })
          } else if ('issue' in step) engine.refused(step.issue)
          else if ('stop' in step) engine.input({ kind: 'stop' })
          else engine.input({ kind: 'tick', nowMs: (nowMs += step.ms) })
          const open = shown(engine.state)
          const place = focused(open)
          if (open.screen.kind !== 'page' && open.screen.kind !== 'list') expect(place).toBeDefined()
          if (place !== undefined) expect(isEnabled(place, engine.state.facts)).toBe(true)
          expect(engine.state.stack[0]?.screen.name).toBe('main')
          expect(engine.state.lock.isOn).toBe(open.screen.name === 'unlock')
        }
        const { lines, cursor } = view(engine.state, { columns, rows }, { header: ['a', 'b'], notice: ['notice'] })
        expect(lines).toHaveLength(rows)
        for (const { text } of lines) expect(text.length).toBeLessThan(Math.max(2, columns))
        expect(cursor.row).toBeGreaterThanOrEqual(0)
        expect(cursor.row).toBeLessThan(rows)
        expect(cursor.column).toBeLessThan(columns)
      },
    ),
    { numRuns: 500 },
  )
})

test('what the form has withdrawn is what the sensor can withdraw', () => {
  expect(WITHDRAWABLE).toEqual(CANCELLABLE)
})
