import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, type Option } from 'commander'
import { addApplianceOptions } from '../../src/cli/appliance'
import { DEFAULT_MEMORY_MEGABYTES, LEAST_MEMORY_MEGABYTES, tableSizes } from '../../src/capture/memory-budget'
import { readMenus } from '../../src/console/menu-files'
import { screensOf } from '../../src/form/menu-file'
import { PROMPTS, REMARKS } from '../../src/console/plain/prompts'
import { CATALOGUE, ERROR_NUMBERS, headline } from '../../src/errors/catalogue'
import { KEYS } from '../../src/form/keys'
import { MAIN_MENU } from '../../src/form/state'
import { encodeBatch } from '../../src/report/batch-format/encode'
import {
  MOST_OF_A_MACHINE,
  MOST_ROWS_A_SECTION,
  MOST_SECTION_BYTES,
  MOST_TEXT_BYTES,
  MOST_UNPACKED_BYTES,
} from '../../src/report/batch-format/layout'
import type { Batch } from '../../src/report/summary'
import { MOST_PACKED_BYTES } from '../../src/platform/upload'
import { nameInFile, type Key, type SectionSchema } from '../../src/settings/document'
import { SCHEMAS } from '../../src/settings/documents'
import { places } from '../../src/settings/places'
import { count } from '../../src/text/figures'
import { readByThePage } from './report-reader'

/**
 * The parts of the manual that are written from the code, page by page and in the order in which they stand there. Each
 * is between two lines that say so; everything around them is written by hand.
 */
export const WRITTEN_PARTS: Record<string, readonly (() => string[])[]> = {
  'nps.1': [commands],
  'nps-console.8': [mainMenu, keys, () => phrases(PROMPTS), () => phrases(REMARKS)],
  'nps-errors.7': [errors, conditions],
  'nps-report.5': [reportLimits, reportExample],
  'nps-settings.5': [settings],
  'nps-worker.8': [tables],
}

/** Where this clone lies: a default below it is a path of this machine. */
const ROOT = join(__dirname, '../../..')

const BEGIN = '.\\" From here to the end mark: written by "npm run docs".'
const END = '.\\" End of what "npm run docs" writes.'

/** A page with its written parts made anew. */
export function withWrittenParts(page: string, parts: readonly (() => string[])[]): string {
  const [before = '', ...rest] = page.split(`${BEGIN}\n`)
  const after = rest.map((part) => part.split(`${END}\n`)[1])
  if (after.length !== parts.length || after.includes(undefined)) {
    throw new Error(`The page must have ${parts.length} times "${BEGIN}" and "${END}".`)
  }
  return before + parts.map((lines, n) => `${BEGIN}\n${lines().join('\n')}\n${END}\n${after[n]}`).join('')
}

/** Every subcommand, from the files of src/cli that register one. */
export function program(): Command {
  const root = new Command('nps')
  const folder = join(__dirname, '../../src/cli')
  for (const file of readdirSync(folder).sort()) {
    // main.js runs the command line it is given; the others only describe themselves.
    if (!file.endsWith('.js') || file === 'main.js') continue
    const { register } = require(join(folder, file)) as { register?: (program: Command) => void }
    register?.(root)
  }
  return root
}

/** Commands that do something themselves, in the order of the page. */
export function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves)
}

const COMMON = addApplianceOptions(new Command()).options

function isCommon(option: Option): boolean {
  return COMMON.some(({ flags, description }) => flags === option.flags && description === option.description)
}

function commands(): string[] {
  const lines: string[] = []
  for (const command of leaves(program())) {
    const forAppliance = command.options.filter(isCommon).length === COMMON.length
    const name = [...ancestors(command), command.name()].join(' ')
    const operands = command.registeredArguments.map((argument) => ` \\fI${roff(argument.name()).toUpperCase()}\\fR`)
    lines.push(`.SS "${roff(name)}${operands.join('')}"`, sentence(command.description()))
    for (const argument of command.registeredArguments) {
      lines.push('.TP', `.I ${roff(argument.name()).toUpperCase()}`, sentence(argument.description))
    }
    for (const option of command.options.filter((each) => !isCommon(each))) lines.push(...optionLines(option))
    if (forAppliance) lines.push('.PP', 'Takes the', '.BR "COMMON OPTIONS" .')
  }
  lines.push('.SH COMMON OPTIONS', 'Of the commands that ask a running appliance.')
  return [...lines, ...COMMON.flatMap(optionLines)]
}

function optionLines(option: Option): string[] {
  const [name = '', value] = option.flags.split(' ')
  const shown =
    value === undefined ? `.B ${roff(name)}` : `.BI ${roff(name)} " ${roff(value.replace(/[<>]/g, '')).toUpperCase()}"`
  const choices = option.argChoices ? [`One of ${option.argChoices.join(', ')}.`] : []
  const { defaultValue } = option
  const isTold =
    typeof defaultValue === 'number' || (typeof defaultValue === 'string' && !defaultValue.startsWith(ROOT))
  const preset = isTold ? [`The default is ${roff(String(defaultValue))}.`] : []
  return ['.TP', shown, sentence(option.description), ...choices, ...preset]
}

function ancestors(command: Command): string[] {
  return command.parent ? [...ancestors(command.parent), command.parent.name()] : []
}

function mainMenu(): string[] {
  const screen = screensOf(readMenus()).get(MAIN_MENU)
  const items = screen?.kind === 'menu' ? screen.items : []
  return items.flatMap(({ label, help = '' }) => ['.TP', `.B ${roff(label)}`, roff(help)])
}

function keys(): string[] {
  return KEYS.flatMap(({ label, does }) => ['.TP', `.B ${roff(label)}`, roff(does)])
}

/** Lines that plain mode prints, what stands in their places in italics. */
function phrases(table: Record<string, { says: string; means: string }>): string[] {
  return Object.values(table).flatMap(({ says, means }) => [
    '.TP',
    `\\fB${roff(says.trimEnd()).replace(/\{(\w+)\}/g, '\\fI$1\\fB')}\\fR`,
    roff(means),
  ])
}

function errors(): string[] {
  return ERROR_NUMBERS.flatMap((number) => [
    '.TP',
    `.B ${roff(headline(number))}`,
    roff(CATALOGUE[number].means).replace(/\{(\w+)\}/g, '\\fI$1\\fR'),
    '.br',
    roff(CATALOGUE[number].try),
  ])
}

/** The calls of `causes` in the tests of real networks: a condition cannot be listed here that is in no test. */
export function causedConditions(): { number: number; condition: string; file: string }[] {
  const folder = 'test/system/connection'
  return readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) =>
      [...readFileSync(join(ROOT, folder, file), 'utf8').matchAll(/\bcauses\(\s*(\d+),\s*'([^']+)'/g)].map(
        ([, number, condition]) => ({ number: Number(number), condition: condition!, file: `${folder}/${file}` }),
      ),
    )
    .sort((a, b) => a.number - b.number)
}

function conditions(): string[] {
  const all = causedConditions()
  return ERROR_NUMBERS.flatMap((number) => {
    const here = all.filter((one) => one.number === number)
    return here.length === 0
      ? []
      : [
          '.TP',
          `.B ${number}`,
          ...here.flatMap(({ condition, file }) => [roff(`${condition};`), '.br', `.I ${roff(file)}`, '.br']),
        ]
  })
}

function settings(): string[] {
  return SCHEMAS.flatMap((schema) => [
    `.SS ${places()[schema.place]}/${schema.file}`,
    `${roff(schema.about)} Mode ${schema.isSecret ? '0600' : '0644'}.`,
    ...Object.entries(schema.sections).flatMap(([name, keys]) => sectionLines(`[${name}]`, keys)),
    ...Object.entries(schema.repeated).flatMap(([name, keys]) => sectionLines(`[${name} LABEL]`, keys, true)),
  ])
}

function sectionLines(heading: string, keys: SectionSchema, isRepeated = false): string[] {
  return [
    '.PP',
    `.B ${roff(heading)}`,
    ...(isRepeated ? ['Any number of these, each with a label of its own.'] : []),
    ...Object.entries(keys).flatMap(([name, key]) => keyLines(name, key as Key<unknown>)),
  ]
}

function keyLines(name: string, key: Key<unknown>): string[] {
  const preset = key.format(key.default).join(', ')
  return [
    '.TP',
    `.B ${roff(nameInFile(name))}${key.isList ? '[]' : ''}`,
    roff(key.comment),
    `Accepts: ${roff(key.accepts)}.`,
    preset === '' ? 'Empty by default.' : `The default is ${roff(preset)}.`,
  ]
}

function tables(): string[] {
  return [LEAST_MEMORY_MEGABYTES, DEFAULT_MEMORY_MEGABYTES, 4096].flatMap((megabytes) => {
    const { flows, rows, addresses, cards, evidenceBytes } = tableSizes(megabytes)
    const network = `${count(addresses)} addresses, ${count(cards)} network cards`
    const said = `${count(Math.floor(evidenceBytes / 1e6))} MB of what machines say`
    return [
      '.TP',
      `.B ${megabytes}`,
      `${count(flows)} connections, ${count(rows)} rows of a report, ${network}, ${said}.`,
    ]
  })
}

function reportLimits(): string[] {
  const limits: [string, number][] = [
    ['Rows of a section', MOST_ROWS_A_SECTION],
    ['Bytes of the content of a section, not compressed', MOST_SECTION_BYTES],
    ['The same of all sections of one kind in a batch', MOST_UNPACKED_BYTES],
    ['Bytes of a text or a name', MOST_TEXT_BYTES],
    ['Addresses, MACs, reasons, attributes or statements of a machine, of each', MOST_OF_A_MACHINE],
    ['Bytes of a batch that is uploaded', MOST_PACKED_BYTES],
  ]
  return limits.flatMap(([what, most]) => ['.TP', roff(what), `${count(most)}.`])
}

/** A small batch, as the reader that follows the page finds it. */
function reportExample(): string[] {
  const { batch, steps } = readByThePage(encodeBatch(EXAMPLE))
  // How Brotli packs it, and so the digest, is up to the release of Node.
  const shown = steps.filter((step) => step.is !== 'digest')
  const bytes = (part: Buffer): string => part.toString('hex').toUpperCase().replace(/..\B/g, '$& ')
  const lines = shown.flatMap((step) => {
    const parts = bytes(step.bytes).match(/.{1,24}/g) ?? []
    return parts.map((part, at) => roff(at === 0 ? `${part.trim().padEnd(25)}${step.is}` : part.trim()))
  })
  return [
    '.EX',
    ...lines,
    '.EE',
    '.PP',
    'They say:',
    '.PP',
    '.EX',
    ...JSON.stringify(batch, null, 1).split('\n').map(roff),
    '.EE',
  ]
}

const EXAMPLE: Batch = {
  id: '9f0c1e5e-0c7b-4a56-9d0a-3a1f0c6f2a11',
  kind: 'new',
  fromMs: Date.UTC(2022, 2, 2, 13, 40),
  untilMs: Date.UTC(2022, 2, 2, 13, 45),
  flows: [
    {
      client: { class: 'inventoried', name: '10.1.1.1' },
      server: { class: 'external', name: 'External' },
      port: 443,
      proto: 'tcp',
      c2sPackets: 12,
      s2cPackets: 14,
      c2sBytes: 1925,
      s2cBytes: 6205,
      firstMs: Date.UTC(2022, 2, 2, 13, 41),
      lastMs: Date.UTC(2022, 2, 2, 13, 42),
      service: { app: 'https', by: 'payload' },
    },
  ],
  assets: [
    {
      address: '10.1.1.1',
      mac: '00:1b:21:10:00:07',
      firstMs: Date.UTC(2022, 2, 2, 13, 41),
      lastMs: Date.UTC(2022, 2, 2, 13, 42),
    },
  ],
  machines: [
    {
      id: '00:1b:21:10:00:07',
      addresses: ['10.1.1.1'],
      macs: ['00:1b:21:10:00:07'],
      isGateway: false,
      firstMs: Date.UTC(2022, 2, 2, 13, 41),
      lastMs: Date.UTC(2022, 2, 2, 13, 42),
      attributes: [
        {
          kind: 'hostname',
          value: 'desk-7',
          confidence: 85,
          source: 'dhcp',
          atMs: Date.UTC(2022, 2, 2, 13, 41),
          clue: '',
        },
      ],
      said: [{ kind: 'hostname', value: 'desk-7', confidence: 85, source: 'dhcp', atMs: Date.UTC(2022, 2, 2, 13, 41) }],
      reasons: [],
    },
  ],
}

/** A description as commander has it, as a sentence of a page. */
function sentence(description: string): string {
  return roff(`${description.charAt(0).toUpperCase()}${description.slice(1)}.`)
}

/** Text that roff prints as it stands: groff_char(7), groff(7) on control lines. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1')
}
