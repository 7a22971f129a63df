import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { footer, KEYS } from '../../src/form/keys'

test('man/nps-console.8 has exactly the keys of the table, in its words', () => {
  const page = readFileSync(resolve(__dirname, '../../../man/nps-console.8'), 'utf8')
  const section = /^\.SH KEYS\n([^]*?)^\.PP$/m.exec(page)?.[1] ?? ''
  const entries = section
    .split(/^\.TP\n/m)
    .slice(1)
    .map((entry) => {
      const [label = '', ...does] = entry.trim().split('\n')
      return { label: label.replace(/^\.B /, ''), does: does.join(' ') }
    })
  expect(entries).toEqual(KEYS.map(({ label, does }) => ({ label, does })))
})

test('a footer is never wider than its screen', () => {
  for (const kind of ['menu', 'choice', 'form', 'message', 'page'] as const) {
    for (let columns = 0; columns <= 200; columns += 1) {
      expect(footer(kind, columns).length).toBeLessThanOrEqual(columns)
    }
    expect(footer(kind, 39)).not.toBe('')
  }
})
