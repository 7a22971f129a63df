import { der, derInteger, derObjectId, NULL, OCTET_STRING, SEQUENCE, tagged } from './der'

/* SNMPv2c (RFC 3416 section 3, RFC 1901). */
const VERSION_2C = 1
const GET_REQUEST = 0
const RESPONSE = 2

export const SYS_DESCR = '1.3.6.1.2.1.1.1.0'
export const SYS_OBJECT_ID = '1.3.6.1.2.1.1.2.0'
export const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0'
export const SYS_NAME = '1.3.6.1.2.1.1.5.0'

/** RFC 2578 section 7.1.8: hundredths of a second. */
const TIME_TICKS = 0x43

export const emitSnmpGet = (requestId: number, objects: string[]): Buffer =>
  message(
    GET_REQUEST,
    requestId,
    objects.map((object) => [object, der(NULL)]),
  )

export const emitSnmpResponse = (requestId: number, values: [object: string, value: Buffer][]): Buffer =>
  message(RESPONSE, requestId, values)

export const snmpText = (text: string): Buffer => der(OCTET_STRING, text)
export const snmpTicks = (hundredths: number): Buffer => derInteger(hundredths, TIME_TICKS)
export const snmpObjectId = derObjectId

function message(pdu: number, requestId: number, bindings: [string, Buffer][]): Buffer {
  const list = der(SEQUENCE, ...bindings.map(([object, value]) => der(SEQUENCE, derObjectId(object), value)))
  const body = tagged(pdu, derInteger(requestId), derInteger(0), derInteger(0), list)
  return der(SEQUENCE, derInteger(VERSION_2C), der(OCTET_STRING, 'public'), body)
}
