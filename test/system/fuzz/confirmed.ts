import type { Request } from './sensor-tap'
import type { LabelledValues, Sight, Value } from './sight'

/** Operations that leave everything as it is. What is not among them is taken to change something. */
const HARMLESS = [
  'status',
  'watch',
  'network.show',
  // What it keeps was confirmed when it was sent.
  'network.keep',
  // It brings back what was confirmed before.
  'network.abandon',
  'proxy.show',
  'flows',
  'asset',
  'assets',
  'errors',
  'history.list',
  'connection.test',
  'unlock',
  'cancel',
]

/** Does it need a confirmation? The check of a proxy changes nothing, but it ends the step that shows what is sent later. */
export function needsConfirmation({ do: name }: Request): boolean {
  return !HARMLESS.includes(name)
}

/** What must have been in sight when Enter was pressed. */
interface Wanted {
  title: string
  pressed: string
  values?: LabelledValues
  /** Sentences that must stand there, blanks left out. */
  sentences?: readonly string[]
  /** What must have been picked on a list before. */
  picked?: string
}

/** What the sensor's files say at that moment. */
export interface Known {
  /** A proxy password is kept. */
  hasPassword: boolean
  isProxyOn: boolean
  /** Is this what network.ini says of that key? Undefined where that is not settled: other settings are on trial. */
  isInForce(key: string, value: unknown): boolean | undefined
  /** How the review of these earlier settings must word them, blanks left out. */
  pastSentences(id: string): readonly string[]
}

/** The guide's screens by what they ask of the sensor, from the product's description and not from menus/ or src/form. */
function wantedFor({ do: name, with: sent }: Request, known: Known, shown: string): Wanted | undefined {
  const text = (key: string): { text: string } => ({ text: String(sent[key]) })
  const secret = (key: string): Value => {
    const sentSecret = sent[key] as string | undefined
    return sentSecret === undefined && known.hasPassword ? 'kept' : { secret: sentSecret ?? '' }
  }
  const word = (word: string, title: string): Wanted | undefined =>
    sent['confirmation'] === word
      ? { title, pressed: title, values: [[`Type ${word}`, text('confirmation')]] }
      : undefined
  switch (name) {
    case 'network.apply':
      return networkScreens(sent).find(({ title }) => title === shown) ?? networkScreens(sent)[0]
    case 'proxy.check':
      return {
        title: 'Proxy Configuration',
        pressed: 'Next',
        values: [
          ['Proxy IP Address', text('host')],
          ['Proxy Port', { number: Number(sent['port']) }],
        ],
      }
    case 'proxy.apply':
      if (sent['enabled'] !== true) return { title: 'Proxy Configuration', pressed: 'Disable Proxy' }
      if (sent['auth'] === 'none') {
        const question = `How does the proxy ${String(sent['host'])} ask who you are?`.replace(/\s/g, '')
        return { title: 'Proxy Configuration', pressed: 'NoAuth', sentences: [question] }
      }
      return {
        title: 'Proxy Configuration',
        pressed: 'Submit',
        picked: sent['auth'] === 'basic' ? 'BasicAuth' : 'NTLMAuth',
        values: [
          ['Proxy User', text('user')],
          ['Proxy Password', secret('password')],
        ],
      }
    case 'personalize':
      return { title: 'Personalize This Sensor', pressed: 'Submit', values: [['Code', { code: String(sent['code']) }]] }
    case 'console.lock':
      return {
        title: 'Console lock',
        pressed: 'Submit',
        picked: sent['lock'] === true ? 'Ask for the password' : 'Do not ask',
        values: [
          ['Password now', secret('pin')],
          ['New password', secret('newPin')],
          ['New once more', secret('newPin')],
        ],
      }
    case 'history.restore':
      return {
        title: 'Restore recent settings',
        pressed: 'Restore',
        sentences: known.pastSentences(String(sent['id'])),
      }
    case 'system.reboot':
      return word('REBOOT', 'Reboot')
    case 'system.shutdown':
      return word('SHUTDOWN', 'Shutdown')
    case 'system.reset':
      return word('RESET', 'Factory reset')
    default:
      return undefined
  }
}

/** Where these network settings may have been sent from; each screen shows its own part of them. */
function networkScreens(sent: Request['with']): Wanted[] {
  const text = (key: string): { text: string } => ({ text: String(sent[key]) })
  const ipv4: Wanted =
    sent['mode'] === 'dhcp'
      ? { title: 'Set up Network', pressed: 'DHCP' }
      : {
          title: 'Static IP',
          pressed: 'Submit',
          values: [
            ['IP address', text('address')],
            ['Netmask', text('netmask')],
            ['Gateway', text('gateway')],
            ['DNS1', text('dns1')],
            ['DNS2', text('dns2')],
          ],
        }
  const ipv6: Wanted =
    sent['ipv6'] === 'static'
      ? {
          title: 'Static IPv6',
          pressed: 'Submit',
          values: [
            ['IP address', text('ipv6Address')],
            ['Prefix', text('ipv6Prefix')],
            ['Gateway', text('ipv6Gateway')],
            ['DNS', text('ipv6Dns')],
          ],
        }
      : { title: 'IPv6', pressed: IPV6_ENTRIES[String(sent['ipv6'])] ?? '' }
  const more: Wanted = {
    title: 'More settings',
    pressed: 'Submit',
    values: [
      ['VLAN', text('vlan')],
      ['MTU', text('mtu')],
      ['Hostname', text('hostname')],
      ['NTP server', text('ntp')],
    ],
  }
  return [ipv4, ipv6, more]
}

const IPV6_ENTRIES: Readonly<Record<string, string>> = {
  off: 'None',
  auto: 'Automatic, as routers advertise',
  dhcp: 'DHCPv6',
}

/** These send what the first screen of the network shows, too, and must not change it. */
const FURTHER_TITLES = ['IPv6', 'Static IPv6', 'More settings']
const HIDDEN_KEYS = ['mode', 'address', 'netmask', 'gateway', 'dns1', 'dns2']

export interface Confirmation {
  /** Why it was not confirmed; empty when it was. */
  objections: string[]
  /** What was sent and is not in sight: a larger terminal shows it. */
  unseen: string[]
  /** What was picked on a list before that nobody waited for. */
  unknown: string[]
}

/** Did this sight ask for what was sent, with Enter meaning just that? */
export function confirmation(asked: Request, sight: Sight, known: Known): Confirmation {
  // The list has offered to turn off what somebody else had turned off a moment before; that leaves everything as it is.
  const isOffAlready = asked.do === 'proxy.apply' && asked.with['enabled'] !== true && !known.isProxyOn
  if (isOffAlready) return { objections: [], unseen: [], unknown: [] }
  const wanted = wantedFor(asked, known, sight.title)
  if (wanted === undefined) return { objections: [`nothing confirms ${asked.do}`], unseen: [], unknown: [] }
  const { title, pressed, values = [], sentences = [], picked } = wanted
  const { differing, unseen } = sight.compare(values)
  const isHidden = asked.do === 'network.apply' && FURTHER_TITLES.includes(title)
  const hidden = isHidden ? HIDDEN_KEYS.filter((key) => known.isInForce(key, asked.with[key]) === false) : []
  const choice = sight.pickedBefore.find((each) => alternatives(picked).includes(each))
  return {
    objections: [
      ...(sight.title === title ? [] : [`the title is ${JSON.stringify(sight.title)}, not ${title}`]),
      ...(sight.pressed === pressed ? [] : [`Enter is for ${JSON.stringify(sight.pressed)}, not ${pressed}`]),
      ...differing,
      ...hidden.map((key) => `${key} is another one, and not on this screen`),
      ...(choice === undefined || choice === picked ? [] : [`${choice} was picked before, not ${picked}`]),
    ],
    unseen: [...unseen, ...sentences.filter((each) => !sight.text.includes(each))],
    unknown: picked === undefined || choice !== undefined ? [] : [picked],
  }
}

/** The lists on which something is picked before the screen that sends it. */
const LISTS = [
  ['NoAuth', 'BasicAuth', 'NTLMAuth'],
  ['Ask for the password', 'Do not ask'],
]

function alternatives(picked: string | undefined): readonly string[] {
  return LISTS.find((list) => picked !== undefined && list.includes(picked)) ?? []
}
