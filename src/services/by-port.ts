import { APPLICATIONS, applicationNumbered, type Application, type Transport } from './application'

const PORTS = 65_536

/** For each port the number of its application, or 0. */
const NUMBERS: Record<Transport, Uint16Array> = { tcp: new Uint16Array(PORTS), udp: new Uint16Array(PORTS) }

for (const { iana, number } of APPLICATIONS) enter(iana, number)
// After all of the registry: what the registry says of a port counts for more than a habit.
for (const { usual, number } of APPLICATIONS) enter(usual, number)

/** The application whose servers usually have this port: a guess, since anything may be there. */
export function serviceByPort(transport: Transport, port: number): Application | undefined {
  return applicationNumbered(NUMBERS[transport][port] ?? 0)
}

function enter(ports: string | undefined, number: number): void {
  for (const each of ports?.split(' ') ?? []) {
    const [transport, port] = each.split('/') as [Transport, string]
    if (NUMBERS[transport][Number(port)] === 0) NUMBERS[transport][Number(port)] = number
  }
}
