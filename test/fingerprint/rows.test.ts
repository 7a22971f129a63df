import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ATTRIBUTES } from '../../src/asset/observation'
import { loadSignatures } from '../../src/capture/signature-files'
import { DEVICES, SYSTEMS } from './words'

const SOURCES = join(__dirname, '../../../src')
const FOLDER = join(SOURCES, 'fingerprint/tables')
const TABLES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.tsv'))
  .map((name) => ({ kind: name.slice(0, -'.tsv'.length), text: readFileSync(join(FOLDER, name), 'utf8') }))

function rowsOf(text: string): { pattern: string; fields: Map<string, string> }[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const [pattern, , ...fields] = line.split('\t')
    return { pattern: pattern!, fields: new Map(fields.map((field) => field.split('=') as [string, string])) }
  })
}

test.each(TABLES)('$kind can be read, and its patterns are strict ones', ({ kind, text }) => {
  expect(() => loadSignatures().conclude(kind, '')).not.toThrow()
  // Which takes no letter with a backslash that it does not mean.
  for (const { pattern } of rowsOf(text)) {
    expect(() => new RegExp(pattern, 'iu')).not.toThrow()
    // What means something else without Unicode.
    expect(pattern).not.toMatch(/\\[pPu]\{/)
  }
})

test.each(TABLES)('$kind says whose facts it holds, and under which licence', ({ text }) => {
  const head = text.split('\n').slice(0, 4).join('\n')
  expect(head).toMatch(/^# [^]*(Origin|Own rows|origin)/)
  expect(head).toContain('MIT')
})

test.each(TABLES)('$kind has no pattern twice', ({ text }) => {
  const patterns = rowsOf(text).map(({ pattern }) => pattern)
  expect(patterns.filter((pattern, index) => patterns.indexOf(pattern) !== index)).toEqual([])
})

test.each(TABLES)('$kind uses the words that others use for systems and devices', ({ text }) => {
  for (const { fields } of rowsOf(text)) {
    // `os=$1` takes its word from the pattern.
    const [os, device] = [fields.get('os'), fields.get('device')]
    if (os !== undefined && os !== '$1') expect(SYSTEMS).toContain(os)
    if (device !== undefined) expect(DEVICES).toContain(device)
  }
})

test.each(TABLES)('$kind has no row that an earlier one hides, as far as rows are plain words', ({ kind, text }) => {
  const knowledge = loadSignatures()
  for (const { pattern, fields } of rowsOf(text)) {
    const plain = /^\^((?:[\w -]|\\\.)+)\$$/.exec(pattern)?.[1]?.replace(/\\\./g, '.')
    if (plain === undefined) continue
    const finding = knowledge.conclude(kind, plain)
    for (const [name, value] of fields)
      if (!value.includes('$')) expect({ plain, ...finding }).toHaveProperty(name, value)
  }
})

test('every table is asked: by a decoder, or by what was said outright', () => {
  const folders = ['discovery', 'discovery/protocols', 'asset']
  const sources = folders.flatMap((folder) =>
    readdirSync(join(SOURCES, folder))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(SOURCES, folder, name), 'utf8')),
  )
  const isAsked = (kind: string): boolean =>
    (ATTRIBUTES as readonly string[]).includes(kind) || sources.some((source) => source.includes(`'${kind}'`))
  expect(TABLES.map(({ kind }) => kind).filter((kind) => !isAsked(kind))).toEqual([])
})
