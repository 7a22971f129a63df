import fc from 'fast-check'
import type { Key } from '../../src/form/keys'
import { shown } from '../../src/form/state'
import { SMALLEST, view, type Size } from '../../src/form/view'
import { Engine } from '../form/driver'
import { aHost, anAddress, anyWorld, aSentence, someIssues } from './any-world'
import { flawsOf } from './flaws'
import { Visitor, type Outcome } from './visitor'

const aSize: fc.Arbitrary<Size> = fc.oneof(
  fc.record({ columns: fc.integer({ min: 40, max: 200 }), rows: fc.integer({ min: 12, max: 60 }) }),
  fc.constantFrom(
    SMALLEST,
    { columns: 40, rows: 60 },
    { columns: 200, rows: 12 },
    { columns: 200, rows: 60 },
    { columns: 80, rows: 24 },
    { columns: 80, rows: 12 },
    { columns: 40, rows: 24 },
    { columns: 132, rows: 24 },
    { columns: 80, rows: 19 },
    { columns: 80, rows: 20 },
  ),
)

const aKey: fc.Arbitrary<Key> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Key>({ name: 'enter' }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Key['name']>('down', 'down', 'up', 'tab', 'back-tab').map((name) => ({ name }) as Key),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<Key['name']>('escape', 'interrupt', 'left', 'right', 'home', 'end', 'page-up', 'page-down')
      .map((name) => ({ name }) as Key),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Key['name']>('backspace', 'delete', 'clear', 'redraw').map((name) => ({ name }) as Key),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom(...'123456789cdshe').map((text): Key => ({ name: 'char', text })),
  },
)

const values = fc
  .record({
    host: aHost,
    user: aSentence,
    isOn: fc.boolean(),
    auth: fc.constantFrom('none', 'basic', 'ntlm'),
    addresses: fc.array(anAddress, { minLength: 5, maxLength: 5 }),
  })
  .map(({ host, user, isOn, auth, addresses }) => ({
    'network.mode': isOn ? 'static' : 'dhcp',
    'network.address': addresses[0]!,
    'network.netmask': addresses[1]!,
    'network.gateway': addresses[2]!,
    'network.dns1': addresses[3]!,
    'network.dns2': addresses[4]!,
    'proxy.enabled': String(isOn),
    'proxy.host': host,
    'proxy.port': '443',
    'proxy.auth': auth,
    'proxy.user': user.slice(0, 32),
  }))

const anOutcome: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('done' as const), values, isKept: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refused' as const), issues: someIssues }) },
)

const aText = fc.oneof(aHost, anAddress, aSentence, fc.constantFrom('', 'REBOOT', 'SHUTDOWN', 'RESET', '/24', '0000'))

const aStep = fc.oneof(
  { weight: 12, arbitrary: aKey.map((key) => (visitor: Visitor) => visitor.press(key)) },
  { weight: 6, arbitrary: anOutcome.map((outcome) => (visitor: Visitor) => visitor.wait(outcome)) },
  { weight: 3, arbitrary: aText.map((text) => (visitor: Visitor) => visitor.type(text)) },
  {
    weight: 4,
    arbitrary: fc.array(aText, { maxLength: 5 }).map((texts) => (visitor: Visitor) => visitor.submit(texts)),
  },
)

/** Deeper than this no wizard goes. */
const MOST_STEPS_BACK = 6

test('whatever is done on whatever screen, all of it is in sight, apart and marked, and Esc leads back', () => {
  const walk = fc.record({
    world: anyWorld,
    size: aSize,
    steps: fc.array(fc.tuple(aStep, anOutcome, fc.nat(15)), { minLength: 1, maxLength: 30 }),
  })
  fc.assert(
    fc.property(walk, ({ world, size, steps }) => {
      const visitor = new Visitor(world, size)
      const look = (): void => {
        const flaws = flawsOf(visitor.state, visitor.view, size)
        if (flaws.length === 0) return
        const picture = visitor.view.lines.map(({ text }) => `|${text}`).join('\n')
        throw new Error(`${flaws.join('\n')}\n${size.columns}x${size.rows}\n${picture}`)
      }
      look()
      for (const [step, outcome, entry] of steps) {
        if (visitor.state.running !== undefined) visitor.wait(outcome)
        else if (visitor.state.stack.length === 1) visitor.open(entry)
        else step(visitor)
        look()
      }
      for (let back = 0; visitor.state.stack.length > 1 && !visitor.state.lock.isOn; back += 1) {
        if (back === MOST_STEPS_BACK) throw new Error(`no way out of ${shown(visitor.state).screen.name}`)
        visitor.wait({ kind: 'refused', issues: [{ field: '', number: 10, message: 'It ended.' }] })
        visitor.press({ name: 'escape' })
      }
    }),
    { numRuns: 500 },
  )
}, 300_000)

test('below the smallest size the screen says so, whatever size that is', () => {
  const tooSmall = fc
    .record({ columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 1, max: 60 }) })
    .filter(({ columns, rows }) => columns < SMALLEST.columns || rows < SMALLEST.rows)
  fc.assert(
    fc.property(tooSmall, (size) => {
      const { lines } = view(new Engine().state, size, { header: ['Header'], notice: [] })
      expect(lines).toHaveLength(size.rows)
      for (const { text } of lines) expect(text.length).toBeLessThanOrEqual(Math.max(1, size.columns - 1))
      const said = `This terminal is ${size.columns}x${size.rows}. The console needs 40x12.`
      const seen = lines
        .map(({ text }) => text)
        .join('')
        .replaceAll(' ', '')
      expect(said.replaceAll(' ', '').startsWith(seen)).toBe(true)
      expect(seen).not.toBe('')
    }),
  )
})
