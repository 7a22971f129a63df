import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/**
 * Imports point one way, from the shell to the core. This test reads every import of src/ and names the line that
 * crosses an arrow. A folder may import itself, the folders listed, or the single files listed.
 */
const MAY_IMPORT: Record<string, string[]> = {
  errors: [],
  text: [],
  files: [],
  wire: [],
  services: ['wire'],
  names: ['wire'],
  flow: ['wire'],
  asset: ['wire', 'flow'],
  fingerprint: ['asset/knowledge.ts', 'asset/observation.ts'],
  discovery: ['text', 'wire', 'asset', 'flow/keyed-hash.ts'],
  report: ['wire', 'services', 'flow', 'asset'],
  health: ['text', 'wire', 'flow/mac-texts.ts'],
  export: ['wire', 'services', 'flow'],
  capture: [
    'errors',
    'wire',
    'services',
    'names',
    'flow',
    'asset',
    'fingerprint',
    'discovery',
    'report',
    'health',
    'export',
  ],
  settings: ['errors', 'files', 'flow/asset-groups.ts', 'export/collector-address.ts', 'capture/memory-budget.ts'],
  network: ['errors', 'settings', 'host/types.ts'],
  host: ['errors', 'files', 'settings', 'network', 'host', 'link/ntlm.ts', 'wire', 'capture/linux-calls.ts'],
  form: ['errors', 'settings'],
  console: [
    'errors',
    'text',
    'files',
    'settings',
    'form',
    'health/health-rows.ts',
    'sensor/messages.ts',
    'sensor/control-client.ts',
    'sensor/find-sensor.ts',
  ],
  link: ['errors', 'settings', 'report', 'host/types.ts'],
  platform: [
    'errors',
    'text',
    'files',
    'link/messages.ts',
    'services/application.ts',
    'report/summary.ts',
    'report/clues.ts',
    'report/batch-format/batch-format-error.ts',
    'report/batch-format/decode.ts',
    'report/batch-format/encode.ts',
    'asset/mac.ts',
    'flow/asset-groups.ts',
  ],
  sensor: [
    'errors',
    'text',
    'files',
    'settings',
    'network',
    'link',
    'report',
    'flow/asset-groups.ts',
    'health',
    'capture/messages.ts',
    'capture/memory-budget.ts',
    'host/types.ts',
  ],
  // Each program is wired together in one place.
  cli: ['*'],
}

/** The programs' own wiring, where the outside world is chosen. */
const WIRING = /\/main\.ts$/

/** The pure core: bytes, values and `now` come as arguments. */
const PURE = ['text', 'wire', 'services', 'names', 'flow', 'asset', 'fingerprint', 'discovery', 'health', 'form']
const IMPURE =
  /^(node:)?(fs|net|tls|http|https|dgram|child_process|os|timers|worker_threads)(\/.*)?$|^(serialport|pcap|blessed|ws|libsql)$/

const SRC = resolve(__dirname, '../../src')

interface Import {
  file: string
  line: number
  target: string
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })
}

function importsOf(file: string): Import[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      const target = /(?:from|import\(|require\(|^import)\s*'([^']+)'/.exec(text)?.[1]
      return target === undefined ? [] : [{ file, line: index + 1, target }]
    })
}

const all = sources(SRC).flatMap(importsOf)
const where = (each: Import): string => `src/${relative(SRC, each.file)}:${each.line} imports ${each.target}`

test('every import follows the arrows', () => {
  const crossings = all.filter((each) => {
    if (!each.target.startsWith('.')) return false
    const from = relative(SRC, each.file).split('/')[0]!
    const target = `${relative(SRC, resolve(dirname(each.file), each.target))}.ts`
    const to = target.split('/')[0]!
    const allowed = MAY_IMPORT[from] ?? []
    if (to === from || allowed.includes('*') || allowed.includes(to) || allowed.includes(target)) return false
    return !(WIRING.test(each.file) && to === 'host')
  })
  expect(crossings.map(where)).toEqual([])
})

test('host/real and host/simulated are chosen in the programs, nowhere else', () => {
  const crossings = all.filter((each) => {
    const isHost = /host\/(real|simulated)\//.test(resolve(dirname(each.file), each.target))
    return isHost && !WIRING.test(each.file) && !/^(host|cli)\//.test(relative(SRC, each.file))
  })
  expect(crossings.map(where)).toEqual([])
})

test('the pure core imports nothing of the outside world', () => {
  const crossings = all.filter(
    (each) => PURE.includes(relative(SRC, each.file).split('/')[0]!) && IMPURE.test(each.target),
  )
  expect(crossings.map(where)).toEqual([])
})

test('the pure core knows no clock', () => {
  const crossings = sources(SRC)
    .filter((file) => PURE.includes(relative(SRC, file).split('/')[0]!))
    .flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((text, index) =>
          /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bset(Timeout|Interval)\(/.test(text)
            ? [`src/${relative(SRC, file)}:${index + 1} ${text.trim()}`]
            : [],
        ),
    )
  expect(crossings).toEqual([])
})

test('every folder of src has its arrows', () => {
  const folders = readdirSync(SRC, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  )
  expect(folders.filter((folder) => MAY_IMPORT[folder] === undefined)).toEqual([])
})
