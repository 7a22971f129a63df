import type { Payload } from '../wire/payload'
import { APPLICATIONS, application, type Application, type Transport } from './application'
import { serviceByPort } from './by-port'
import { DATABASES } from './glance/databases'
import { DIRECTORIES } from './glance/directories'
import { ENCRYPTED } from './glance/encrypted'
import { FILES } from './glance/files'
import { INDUSTRIAL } from './glance/industrial'
import { MAIL } from './glance/mail'
import { MESSAGING } from './glance/messaging'
import { NAMES } from './glance/names'
import { NETWORK } from './glance/network'
import type { Recogniser } from './glance/recogniser'
import { REMOTE } from './glance/remote'
import { ROUTING } from './glance/routing'
import { THINGS } from './glance/things'
import { TUNNELS } from './glance/tunnels'
import { VOICE } from './glance/voice'
import { WEB } from './glance/web'

/** Every recogniser; of two that both say yes the earlier is asked. */
const RECOGNISERS: readonly Recogniser[] = [
  ...WEB,
  ...ENCRYPTED,
  ...REMOTE,
  ...MAIL,
  ...NAMES,
  ...FILES,
  ...DIRECTORIES,
  ...DATABASES,
  ...MESSAGING,
  ...VOICE,
  ...NETWORK,
  ...ROUTING,
  ...TUNNELS,
  ...INDUSTRIAL,
  ...THINGS,
]

/** Whom to ask: by the application at home at one of the ports, and by the first byte. */
interface Dispatch {
  /** By number of the application. */
  near: Recogniser[][]
  first: Recogniser[][]
}

const DISPATCH: Record<Transport, Dispatch> = { tcp: dispatchFor('tcp'), udp: dispatchFor('udp') }

/**
 * The application that the first bytes of a payload tell, or undefined when they do not. Meant for the first few
 * payloads of a flow: the ports come before the first byte, as somebody at home there is likelier right; but only the
 * payload decides, so SSH at port 443 is SSH. Allocates nothing when it finds nothing, but for a TLS hello.
 */
export function glance(payload: Payload): Application | undefined {
  if (payload.length <= 0) return undefined
  const transport = payload.isTcp ? 'tcp' : 'udp'
  const { near, first } = DISPATCH[transport]
  const there = serviceByPort(transport, payload.destinationPort)
  const here = serviceByPort(transport, payload.sourcePort)
  return (
    (there === undefined ? undefined : ask(near[there.number]!, payload)) ??
    (here === undefined || here === there ? undefined : ask(near[here.number]!, payload)) ??
    ask(first[payload.u8(0)]!, payload)
  )
}

function ask(recognisers: readonly Recogniser[], payload: Payload): Application | undefined {
  for (let each = 0; each < recognisers.length; each++) {
    const name = recognisers[each]!.read(payload)
    if (name !== undefined) return application(name)
  }
  return undefined
}

function dispatchFor(transport: Transport): Dispatch {
  const all = RECOGNISERS.filter((each) => each.transport === transport || each.transport === 'both')
  const near = [{ name: undefined }, ...APPLICATIONS].map(({ name }) => {
    return all.filter((each) => each.near !== undefined && each.near === name)
  })
  const anywhere = all.filter((each) => each.near === undefined)
  const first = Array.from({ length: 256 }, (_, byte) => {
    return anywhere.filter((each) => each.first === undefined || each.first.includes(byte))
  })
  return { near, first }
}
