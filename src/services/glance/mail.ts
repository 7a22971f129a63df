import type { Payload } from '../../wire/payload'
import type { ApplicationName } from '../applications'
import { isAtPortsOf, letters, nearPorts, when, type Recogniser } from './recogniser'

const SPACE = 0x20
const DASH = 0x2d

/** A greeting is one line; what names the protocol comes early in it. */
const GREETING = 256

/** 220 is how SMTP (RFC 5321) and FTP (RFC 959) greet; most servers say which of them they are. */
function greeting220(payload: Payload): ApplicationName | undefined {
  const after = payload.u8(3)
  if (!payload.says('220') || (after !== SPACE && after !== DASH)) return undefined
  if (isAtPortsOf(payload, 'smtp')) return 'smtp'
  if (isAtPortsOf(payload, 'ftp')) return 'ftp'
  if (payload.mentions('SMTP', GREETING)) return 'smtp'
  return payload.mentions('FTP', GREETING) ? 'ftp' : undefined
}

function isSmtpCommand(payload: Payload): boolean {
  return payload.saysAnyCase('EHLO ') || payload.saysAnyCase('HELO ') || payload.saysAnyCase('MAIL FROM:')
}

/** A reply: three digits, then a space or a dash. */
export function isReply(payload: Payload): boolean {
  for (let at = 0; at < 3; at++) if (payload.u8(at) < 0x30 || payload.u8(at) > 0x39) return false
  return payload.u8(0) <= 0x35 && (payload.u8(3) === SPACE || payload.u8(3) === DASH)
}

function saysOneOf(payload: Payload, commands: readonly string[]): boolean {
  return commands.some((command) => payload.saysAnyCase(command))
}

const SMTP_COMMANDS = ['RCPT TO:', 'AUTH ', 'STARTTLS', 'DATA\r', 'QUIT\r', 'RSET\r', 'NOOP\r', 'LHLO ', 'XCLIENT']
const FTP_COMMANDS = [
  'USER ',
  'PASS ',
  'AUTH ',
  'FEAT\r',
  'SYST\r',
  'PASV\r',
  'EPSV\r',
  'PORT ',
  'TYPE ',
  'LIST',
  'PWD\r',
  'QUIT\r',
]
const POP3_COMMANDS = [
  'USER ',
  'PASS ',
  'CAPA\r',
  'APOP ',
  'AUTH',
  'STLS\r',
  'STAT\r',
  'LIST',
  'UIDL',
  'RETR ',
  'QUIT\r',
]

/** A command of IMAP behind the client's tag (RFC 9051 section 2.2.1). */
function isImapCommand(payload: Payload): boolean {
  const commandAt = payload.find(SPACE, 1, 12) + 1
  const commands = ['CAPABILITY', 'LOGIN ', 'AUTHENTICATE ', 'STARTTLS', 'NOOP', 'LOGOUT', 'ID ', 'SELECT ', 'LIST ']
  return commandAt > 0 && commands.some((command) => payload.saysAnyCase(command, commandAt))
}

function isImapGreeting(payload: Payload): boolean {
  const isGreeting = payload.says('* OK') || payload.says('* PREAUTH')
  return isGreeting && (isAtPortsOf(payload, 'imap') || payload.mentions('IMAP', GREETING))
}

export const MAIL: readonly Recogniser[] = [
  { transport: 'tcp', first: letters('2'), read: greeting220 },
  when('smtp', 'tcp', letters('EeHhMm'), isSmtpCommand),
  nearPorts('smtp', 'tcp', (payload) => isReply(payload) || saysOneOf(payload, SMTP_COMMANDS)),
  nearPorts('ftp', 'tcp', (payload) => isReply(payload) || saysOneOf(payload, FTP_COMMANDS)),
  when('pop3', 'tcp', letters('+'), (payload) => payload.says('+OK ') && payload.mentions('POP3', GREETING)),
  nearPorts('pop3', 'tcp', (payload) => {
    return payload.says('+OK') || payload.says('-ERR') || saysOneOf(payload, POP3_COMMANDS)
  }),
  when('imap', 'tcp', letters('*'), isImapGreeting),
  nearPorts('imap', 'tcp', (payload) => payload.says('* ') || isImapCommand(payload)),
  nearPorts(
    'nntp',
    'tcp',
    (payload) => isReply(payload) || saysOneOf(payload, ['MODE READER', 'CAPABILITIES', 'GROUP ']),
  ),
]
