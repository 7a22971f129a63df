import { resolve } from 'node:path'
import { HEARD_IN_RECORDINGS } from './heard-in-recordings'
import { expectHardy, heardBy, notedOfCut } from './hostile-voices'
import { framesOf, linesOf } from './overhear'

// Real programs, recorded by ourselves: fixtures/README.md says which.

const FOLDER = resolve(__dirname, '../../../test/discovery/fixtures')

/** The voice that hears what has none of its own. */
const CARRIED_BY: Record<string, string> = { mms: 's7comm' }

/** The protocol of a recording that is not named after it alone. */
const PROTOCOLS: Record<string, string> = { 'rdp-tls': 'rdp' }

function protocolOf(name: string): string {
  return PROTOCOLS[name] ?? name
}

function voiceOf(name: string): string {
  return CARRIED_BY[name] ?? protocolOf(name)
}

/** Those of them that have the length or the end of each text in their messages. */
const NEVER_HALF = [
  'ws-discovery',
  'ipp',
  'rdp',
  'rdp-tls',
  'mndp',
  'knx',
  'radius',
  'rtsp',
  'mms',
  'sip',
  'dhcp',
  'http',
]

describe.each(Object.entries(HEARD_IN_RECORDINGS))('%s', (name, expected) => {
  const recording = framesOf(resolve(FOLDER, `${name}.pcap`))

  test('is heard in a recording of real programs', async () => {
    const lines = linesOf(await recording).filter((line) => line.includes(` ${protocolOf(name)} `))
    expect(lines.sort()).toEqual(expected)
  })

  test('takes what is cut or changed without a throw, and what it notes is fit to be shown', async () => {
    const frames = await recording
    expectHardy(voiceOf(name), frames, frames.slice(0, 16))
  })
})

test.each(NEVER_HALF)('what is cut in %s is not said by half', async (name) => {
  const { voice, messages } = heardBy(voiceOf(name), await framesOf(resolve(FOLDER, `${name}.pcap`)))!
  expect(messages.flatMap((message) => notedOfCut(voice, message))).toEqual([])
})
