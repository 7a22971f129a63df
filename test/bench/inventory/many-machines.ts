import type { Inventory } from '../../../src/asset/inventory'

/** As times are: they take more room than small numbers. */
const FROM_MS = 1_700_000_000_000

/** Each with a card, two addresses and what an office computer says of itself. */
export function addMachines(inventory: Inventory, count: number): void {
  for (let number = 0; number < count; number++) addMachine(inventory, number)
}

function addMachine(inventory: Inventory, number: number): void {
  const atMs = FROM_MS + number
  const low = number.toString(16).padStart(6, '0')
  const mac = `00:1b:21:${low.slice(0, 2)}:${low.slice(2, 4)}:${low.slice(4)}`
  const ip = `10.${number >> 16}.${(number >> 8) & 0xff}.${number & 0xff}`
  const six = `fe80::21b:21ff:fe${low.slice(0, 2)}:${parseInt(low.slice(2), 16).toString(16)}`
  inventory.claim(ip, mac, atMs)
  inventory.claim(six, mac, atMs)
  const say = (kind: string, value: string, source: string): void => {
    inventory.observe({ ip }, { kind, value, confidence: 80, source, atMs })
  }
  say('hostname', `desktop-${low}`, 'nbns')
  say('hostname', `desktop-${low}`, 'mdns')
  say('dhcp-vendor-class', 'MSFT 5.0', 'dhcp')
  say('dhcp-parameters', '1,3,6,15,31,33,43,44,46,47,119,121,249,252', 'dhcp')
  say('tcp-handshake', 'syn 128 M,N,W,N,N,S 64240 8 1460', 'tcp')
  say('http-agent', `Mozilla/5.0 (Windows NT 10.0; Win64; x64) build ${number % 50}`, 'http')
  say('ja4', 't13d1516h2_8daaf6152771_b0da82dd1658', 'tls')
  say('service', 'tcp/445 smb', 'flow')
}
