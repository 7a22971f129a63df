import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CATALOGUE, CHECK_ORDER, ERROR_NUMBERS } from '../../src/errors/catalogue'
import { COLUMNS } from '../../src/cli/flow-lines'
import { ELEMENT } from '../../src/export/information-elements'
import { FLOW_TEMPLATES } from '../../src/export/templates'
import { nameInFile } from '../../src/settings/document'
import { SCHEMAS } from '../../src/settings/documents'
import { causedConditions, leaves, program, withWrittenParts, WRITTEN_PARTS } from './pages'
import fc from 'fast-check'
import { encodeBatch } from '../../src/report/batch-format/encode'
import type { Batch } from '../../src/report/summary'
import { hasProgram, testWith } from '../needs'
import { anyBatch, unordered } from '../report/batch-format/any-batch'
import { readByThePage } from './report-reader'

const MAN = join(__dirname, '../../../man')
const PAGES = readdirSync(MAN).filter((name) => /\.\d$/.test(name))
const page = (name: string): string => readFileSync(join(MAN, name), 'utf8')
/** What a reader sees of a page, without fonts and escapes. */
const seen = (name: string): string =>
  page(name)
    .replace(/\\f[BIR]|\\&/g, '')
    .replaceAll('\\-', '-')
    .replaceAll('\\e', '\\')

test.each(Object.entries(WRITTEN_PARTS))('man/%s is as "npm run docs" writes it', (name, parts) => {
  expect(page(name)).toBe(withWrittenParts(page(name), parts))
})

test('nps.1 has every command and option', () => {
  const text = seen('nps.1')
  for (const command of leaves(program())) {
    expect(text).toContain(command.name())
    for (const option of command.options) expect(text).toContain(option.long)
  }
})

test('nps-console.8 has every option of the command', () => {
  const console = leaves(program()).find((command) => command.name() === 'console')
  const options = /^\.SH OPTIONS\n([^]*?)^\.SH/m.exec(page('nps-console.8'))?.[1] ?? ''
  const described = [...options.matchAll(/^\.TP\n\.BI? (\S+)/gm)].map(([, name]) => name?.replaceAll('\\-', '-'))
  expect(described).toEqual(console?.options.map(({ long }) => long))
})

test('nps-console.8 has every script of man/examples', () => {
  const scripts = readdirSync(join(MAN, 'examples')).filter((name) => name.endsWith('.exp'))
  const named = [...seen('nps-console.8').matchAll(/^\.I (\S+\.exp)$/gm)].map(([, name]) => name)
  expect(named.sort()).toEqual(scripts.sort())
})

test('main.ts has every command that nps.1 has', () => {
  const main = readFileSync(join(MAN, '../src/cli/main.ts'), 'utf8')
  const there = /^runProgram\(\[(.*)\]\)$/ms.exec(main)?.[1]?.match(/\w+/g)
  expect(there).toEqual(program().commands.map((command) => command.name()))
})

test('nps-errors.7 has every number with its text, and the order of the checks', () => {
  const text = seen('nps-errors.7')
  for (const number of ERROR_NUMBERS) expect(text).toContain(`${number} ${CATALOGUE[number].says}`)
  expect(text.replace(/\s+/g, ' ')).toContain(`${CHECK_ORDER.join(', ')}.`)
})

test('every number of nps-errors.7 is caused by its real condition in a test', () => {
  const caused = new Set(causedConditions().map(({ number }) => number))
  expect(ERROR_NUMBERS.filter((number) => !caused.has(number))).toEqual([])
})

test('nps-settings.5 has every file, section and key', () => {
  const text = seen('nps-settings.5')
  for (const { file, sections, repeated } of SCHEMAS) {
    expect(text).toContain(`/${file}`)
    for (const [section, keys] of Object.entries({ ...sections, ...repeated })) {
      expect(text).toContain(`[${section}`)
      for (const key of Object.keys(keys)) expect(text).toContain(`.B ${nameInFile(key)}`)
    }
  }
})

test('nps-report.5 is all that one needs to read a batch', () => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      expect(unordered(readByThePage(encodeBatch(batch)).batch as unknown as Batch)).toEqual(unordered(batch))
    }),
    { numRuns: 200 },
  )
})

testWith(hasProgram('groff'), 'groff').each(PAGES)('%s is formatted without a warning', (name) => {
  const { stderr, status } = spawnSync('groff', ['-man', '-ww', '-Tutf8', join(MAN, name)], {
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

test.each(PAGES)('%s says nothing of the machine it was written on', (name) => {
  expect(page(name)).not.toMatch(/\/(work|home|root|tmp)\//)
})

/** A section of a page, without its heading. */
function section(name: string, heading: string): string {
  return new RegExp(`^\\.SH ${heading}$(.*?)^\\.SH`, 'ms').exec(`${seen(name)}\n.SH`)?.[1] ?? ''
}

test('nps-worker.8 has the columns of a report, in their order', () => {
  const tags = section('nps-worker.8', 'REPORT')
    .split('\n')
    .filter((line) => /^\.BR? /.test(line) && /_|client|port|first|service/.test(line))
  const names = tags.flatMap((line) => line.match(/[a-z0-9_]+(?=[ "]|$)/g) ?? [])
  expect(names).toEqual(COLUMNS)
})

test('nps-worker.8 has every information element of the flow records, and no other', () => {
  const table = /^\.nf$(.*?)^\.fi$/ms.exec(section('nps-worker.8', 'EXPORT'))?.[1] ?? ''
  const told = table.match(/\b[a-z]+[A-Z]\w+/g) ?? []
  const sent = FLOW_TEMPLATES.flatMap(({ fields }) => fields.map(({ id }) => id))
  const names = Object.entries(ELEMENT).flatMap(([name, { id }]) => (sent.includes(id) ? [name] : []))
  expect([...new Set(told)].sort()).toEqual(names.sort())
})
