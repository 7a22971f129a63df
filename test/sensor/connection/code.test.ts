import fc from 'fast-check'
import { ERROR_NUMBERS } from '../../../src/errors/catalogue'
import { TROUBLE_KINDS, type TroubleKind } from '../../../src/link/trouble-kind'
import { codeOfTest, explainCode, type Circumstances } from '../../../src/sensor/connection/code'
import { LADDER } from '../../../src/sensor/connection/ladder'
import type { Rung } from '../../../src/sensor/messages'

const HERE: Circumstances = { mode: 'static', auth: 'ntlm', registration: 'Registered' }

const rung = (state: Rung['state'], trouble?: Rung['trouble']): Rung => ({
  name: '',
  state,
  measured: '',
  ...(trouble === undefined ? {} : { trouble }),
})

/** A test in which this rung failed, those before it passed, and those behind it did what `then` says. */
function failedAt(id: string, trouble: NonNullable<Rung['trouble']>): Rung[] {
  const at = LADDER.findIndex((kind) => kind.id === id)
  return LADDER.map((_, index) =>
    index < at ? rung('passed') : index === at ? rung('failed', trouble) : rung('skipped'),
  )
}

test('a code says how every rung ended, and how the appliance is set up', () => {
  const code = codeOfTest(failedAt('path', { number: 32, message: '', kind: 'login' }), HERE)
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)
  const { rungs, ...circumstances } = explainCode(code)
  expect(circumstances).toEqual(HERE)
  expect(rungs.slice(0, 8).every(({ state }) => state === 'passed')).toBe(true)
  expect(rungs[8]).toEqual({ id: 'path', state: 'failed', number: 32, kind: 'login' })
  expect(rungs.slice(9).map(({ state }) => state)).toEqual(Array(5).fill('blocked'))
})

test('what is left out for good is told from what a failure hides', () => {
  const rungs = failedAt('dns1', { number: 26, message: '' })
  expect(explainCode(codeOfTest(rungs, HERE)).rungs[6]).toEqual({ id: 'proxy', state: 'skipped' })
})

test('every failure of the gateway is told from every other', () => {
  const failures = [
    { number: 25 },
    ...(['silent', 'silent4', 'silent6', 'none6', 'none-offered', 'not-in-force'] as const).map((kind) => ({
      number: 25 as const,
      kind,
    })),
    { number: 31, kind: 'no-ipv4' },
  ] as const
  for (const failure of failures) {
    const code = codeOfTest(failedAt('gateway', { ...failure, message: '' }), HERE)
    expect(explainCode(code).rungs[3]).toEqual({ id: 'gateway', state: 'failed', ...failure })
  }
})

test('a code of the first layout, from an older release, says what it has always said', () => {
  const { rungs, ...circumstances } = explainCode('7M03-4J44-94HS')
  expect(circumstances).toEqual(HERE)
  expect(rungs[3]).toEqual({ id: 'gateway', state: 'failed', number: 25 })
  expect(rungs.slice(4).every(({ state }) => state !== 'failed')).toBe(true)
  expect(explainCode('7M00-0024-J926').rungs[8]).toMatchObject({ number: 32, kind: 'login' })
})

test('every number fits at every rung, exactly or as the nearest that is known', () => {
  const kinds = [undefined, ...(Object.keys(TROUBLE_KINDS) as TroubleKind[])]
  for (const { id } of LADDER) {
    for (const number of ERROR_NUMBERS) {
      for (const kind of kinds) {
        const code = codeOfTest(failedAt(id, { number, message: '', ...(kind && { kind }) }), HERE)
        expect(explainCode(code).rungs.find((one) => one.id === id)?.state).toBe('failed')
      }
    }
  }
})

const anyCode = fc
  .tuple(
    fc.array(fc.constantFrom<Rung['state']>('passed', 'skipped', 'failed'), { minLength: 14, maxLength: 14 }),
    fc.constantFrom(...ERROR_NUMBERS),
  )
  .map(([states, number]) =>
    codeOfTest(
      states.map((state) => rung(state, state === 'failed' ? { number, message: '' } : undefined)),
      HERE,
    ),
  )

test('it is understood as people copy it', () => {
  fc.assert(
    fc.property(anyCode, (code) => {
      const copied = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')
      expect(explainCode(copied)).toEqual(explainCode(code))
    }),
  )
})

test('one character that is wrong, and any two that changed places, are always found', () => {
  const CHARACTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  fc.assert(
    fc.property(anyCode, (code) => {
      const plain = [...code.replaceAll('-', '')]
      for (let at = 0; at < plain.length; at++) {
        for (const other of CHARACTERS) {
          if (other === plain[at]) continue
          expect(() => explainCode(plain.with(at, other).join(''))).toThrow('not copied right')
        }
        for (let to = at + 1; to < plain.length; to++) {
          if (plain[at] === plain[to]) continue
          const swapped = plain.with(at, plain[to]!).with(to, plain[at]!).join('')
          expect(() => explainCode(swapped)).toThrow('not copied right')
        }
      }
    }),
    { numRuns: 20 },
  )
  for (const text of ['', '4000-0W0A-000', '4000-0W0A-000KK', '4000-0W0A-000U', '70192264604618']) {
    expect(() => explainCode(text)).toThrow('not copied right')
  }
})
