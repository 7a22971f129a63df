import type { Random } from '../../../src/host/simulated/traffic/random'
import { CLEAR, ENTERS, INTERRUPT } from './legal-keys'

/** Words that are right at the moment. */
export interface Vocabulary {
  face: 'screens' | 'plain'
  /** A code that the platform has given out and nobody has used. */
  code: string
  /** The console password. */
  pin: string
}

/**
 * The keys of somebody who comes from wherever, goes to the main menu and wants something. They mean the same on the
 * screens and in plain mode, where a number and Enter choose and Enter ends an answer.
 */
export function errand(random: Random, vocabulary: Vocabulary): string[] {
  const home = Array.from({ length: random.between(1, 5) }, () => INTERRUPT)
  return [...home, ...random.pick(ERRANDS)(random, vocabulary)]
}

/** To be typed at a console that asks for its password, wherever the focus is and whatever stands there. */
export function unlocking(pin: string): string[] {
  return ['\x1b[A', '\x1b[A', CLEAR, ...pin, '\r', '\r']
}

type Errand = (random: Random, vocabulary: Vocabulary) => string[]

const enter = (random: Random): string => random.pick(ENTERS)
const typed = (text: string, random: Random): string[] => [...text, enter(random)]
const answers = (random: Random, ...texts: string[]): string[] => texts.flatMap((text) => typed(text, random))

/** An entry of the main menu: on a screen only arrows lead to the tenth and those below it. */
function entry(number: number, random: Random, { face }: Vocabulary): string[] {
  if (number <= 9 || face === 'plain') return typed(String(number), random)
  return ['\x1b[1~', ...Array.from({ length: number - 1 }, () => '\x1b[B'), enter(random)]
}

const octet = (random: Random): number => random.between(0, 255)

function address(random: Random): string {
  return random.pick([
    `192.168.50.${octet(random)}`,
    `192.168.50.${octet(random)}`,
    `10.${octet(random)}.${octet(random)}.${octet(random)}`,
    ...['203.0.113.9', '127.0.0.1', '0.0.0.0', '192.168.050.007', '300.1.1.1', '', '-', 'b'],
  ])
}

const MASKS = ['255.255.255.0', '/24', '255.255.0.0', '/16', '255.0.255.0', '/33', '', '255.255.255.252']
const HOSTS = [
  'proxy.example.com',
  '10.0.0.3',
  'PROXY.example.com',
  'proxy.invalid',
  '203.0.113.5',
  'a b',
  '',
  `x${'y'.repeat(300)}`,
]
const PORTS = ['3128', '8080', '0443', '0', '70000', '', 'x']
const USERS = ['joe', 'CORP\\joe', 'joe@example.com', 'jo]e [x', '', 'u'.repeat(40)]
const PASSWORDS = ['secret', 'Tr0ub4dor&3', ' b ', '', 'p'.repeat(17), 'h']

const ERRANDS: readonly Errand[] = [
  // DHCP, a static address, one that works.
  (random) => answers(random, '1', '1', ''),
  (random) =>
    answers(random, '1', '2', address(random), random.pick(MASKS), address(random), address(random), '', '', ''),
  (random) =>
    answers(
      random,
      '1',
      '2',
      `192.168.50.${random.between(2, 254)}`,
      '/24',
      '192.168.50.1',
      '192.168.50.1',
      '',
      '',
      '',
    ),
  (random) =>
    answers(
      random,
      '1',
      '2',
      `10.7.0.${random.between(2, 254)}`,
      '255.255.0.0',
      '10.7.0.1',
      '10.7.0.53',
      '9.9.9.9',
      '',
      '',
    ),
  // The proxy: without a password, with one, off, and each with what may be wrong.
  (random) => answers(random, '2', '1', random.pick(HOSTS), random.pick(PORTS), '', '1', ''),
  (random) => answers(random, '2', '1', '10.0.0.3', '3128', '', '1', ''),
  (random) =>
    answers(random, '2', '1', 'proxy.example.com', '8080', '', '2', random.pick(USERS), random.pick(PASSWORDS), '', ''),
  (random) => answers(random, '2', '1', 'proxy.example.com', '8080', '', '3', 'CORP\\joe', 'Tr0ub4dor&3', '', ''),
  (random) => answers(random, '2', '1', '', '', '', random.pick(['1', '2', '3', '']), '', '', ''),
  (random) => answers(random, '2', '2', ''),
  // Registering.
  (random, { code }) => answers(random, '3', code, '', ''),
  (random) => answers(random, '3', random.pick(['12345678901234', '1234', '', '123456789012345']), '', ''),
  // Looking.
  (random, words) => [...entry(random.between(4, 8), random, words), enter(random), '\x1b[B', '\x1b[6~', INTERRUPT],
  (random, words) => [...entry(random.between(14, 15), random, words), enter(random)],
  // The machines: one of them, and one that is looked for.
  (random, words) => [
    ...entry(10, random, words),
    ...answers(random, String(random.between(2, 9))),
    ...['\x1b[6~', '\x1b[B', INTERRUPT],
  ],
  (random, words) => [
    ...entry(10, random, words),
    ...answers(random, '1', random.pick(['10.', 'nas', '00:11', 'nobody', '']), '', '1'),
  ],
  // Going back to earlier settings.
  (random) => answers(random, '9', '1', '', ''),
  (random) => answers(random, '9', String(random.between(1, 9)), '', ''),
  // The console's own password, rarely lost: the new one is remembered.
  (random, words) => [
    ...entry(11, random, words),
    ...answers(random, random.pick(['1', '2']), words.pin, '', '', '', ''),
  ],
  (random, words) => {
    const wanted = String(random.between(0, 9999)).padStart(4, '0')
    return [...entry(11, random, words), ...answers(random, random.pick(['1', '2']), words.pin, wanted, wanted, '', '')]
  },
  (random, words) => [...entry(11, random, words), ...answers(random, '1', '99', '12', '13', '', '')],
  // Lines, and plain questions.
  (random, words) => [...entry(12, random, words), ...answers(random, String(random.between(1, 4)), '')],
  // What cannot be taken back, with the word, with another one, and with none.
  (random, words) => [...entry(13, random, words), ...answers(random, '1', 'REBOOT', '', '')],
  (random, words) => [...entry(13, random, words), ...answers(random, '2', 'SHUTDOWN', '', '')],
  (random, words) => [...entry(13, random, words), ...answers(random, '3', 'RESET', '', '')],
  (random, words) => {
    const word = random.pick(['reset', 'RESET', 'REBOOT', 'SHUTDOWN ', ''])
    return [...entry(13, random, words), ...answers(random, random.pick(['1', '2', '3']), word, '')]
  },
  (random, words) => [...entry(13, random, words), ...answers(random, '4')],
  (random, words) => entry(16, random, words),
]
