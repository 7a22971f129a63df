// Control messages of NTP (RFC 9327 section 2): how ntpq asks a server about itself. Their mode is 6.
//
//    0          1       2          4        6             8        10      12
//   +----------+-------+----------+--------+-------------+--------+-------+------
//   | LI VN md | R E M | sequence | status | association | offset | count | data
//   |          | opcode|          |        |             |        |       |
//   +----------+-------+----------+--------+-------------+--------+-------+------
//
// R is set in answers, E in errors, M where more follows: a server's variables may be split anywhere.

const HEADER_LENGTH = 12
const FLAG_MORE = 0x20
/** R, and the opcode that reads variables. */
const ANSWER_WITH_VARIABLES = 0x82

/** `name="value"`, or without quotes as by Domain Time. What has no end may be cut. */
const VARIABLE = /(?:^|,\s*)(\w{1,32})=(?:"([^"]*)"|([^",\r\n]+)(?=,))/g

/** Does the message that begins here answer with variables? */
export function isControlAnswer(bytes: Buffer, at: number): boolean {
  return (bytes[at + 1]! & ~FLAG_MORE) === ANSWER_WITH_VARIABLES
}

/**
 * The variables of the server itself, by name, each as this part of the answer has it; none for what is no such answer, or
 * tells of an association. RFC 5905 names some of them in appendix A, and servers add their program and system.
 */
export function parseNtpVariables(bytes: Buffer): Map<string, string> {
  const variables = new Map<string, string>()
  if (bytes.length < HEADER_LENGTH || !isControlAnswer(bytes, 0) || bytes.readUInt16BE(6) !== 0) return variables
  const data = bytes.toString('latin1', HEADER_LENGTH, HEADER_LENGTH + bytes.readUInt16BE(10))
  for (const [, name, quoted, bare] of data.matchAll(VARIABLE)) variables.set(name!, quoted ?? bare!)
  return variables
}
