import { LivePages, type PageSight } from '../../src/console/live-pages'
import type { SensorControl } from '../../src/sensor/control-client'
import { NOW } from './pictures'

test('an answer about a machine that was left does not show up on the page of another one', async () => {
  const answers = new Map<string, (outcome: unknown) => void>()
  const ask = (_name: string, { who }: { who: string }): Promise<unknown> =>
    new Promise((resolve) => answers.set(who, resolve))
  const control = { ask } as unknown as SensorControl
  const sight = (asset: string): PageSight => {
    return { control, status: undefined, size: { columns: 80, rows: 24 }, decodesUtf8: false, nowMs: NOW, asset }
  }
  const machine = (id: string) => {
    const [firstMs, lastMs] = [NOW, NOW]
    return { id, addresses: [id], macs: [], isGateway: false, firstMs, lastMs, attributes: [], said: [], reasons: [] }
  }
  const shown = (): string => pages.text('asset', sight('')).lines.join('\n')
  const pages = new LivePages(new Map())
  pages.opened()
  const one = pages.fetch('asset', sight('10.0.0.1'))
  pages.opened()
  const other = pages.fetch('asset', sight('10.0.0.2'))
  answers.get('10.0.0.1')!({ ok: true, answer: [machine('10.0.0.1')] })
  expect(await one).toBe(false)
  expect(shown()).toBe('Asking the sensor ...')
  answers.get('10.0.0.2')!({ ok: true, answer: [machine('10.0.0.2')] })
  expect(await other).toBe(true)
  expect(shown()).toContain('10.0.0.2')
  expect(shown()).not.toContain('10.0.0.1')
})

test('why the sensor does not answer is read whole on the smallest screen', async () => {
  const issues = [{ field: '', number: 10, message: 'Internal Error: the capture worker does not run.' }]
  const control = { ask: () => Promise.resolve({ ok: false, issues }) } as unknown as SensorControl
  const size = { columns: 40, rows: 12 }
  const sight = { control, status: undefined, size, decodesUtf8: false, nowMs: NOW, asset: '10.0.0.1' }
  const pages = new LivePages(new Map())
  pages.opened()
  await pages.fetch('asset', sight)
  const { lines } = pages.text('asset', sight)
  expect(lines.join(' ')).toBe(issues[0]!.message)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(40)
})
