import { join, u16, u8 } from './octets'

/* Modbus/TCP (MODBUS Messaging on TCP/IP V1.0b section 3.1.3): a 7-octet header before the PDU. */
const READ_COILS = 1
const READ_HOLDING_REGISTERS = 3
const WRITE_SINGLE_REGISTER = 6
const ENCAPSULATED_INTERFACE_TRANSPORT = 43
const READ_DEVICE_IDENTIFICATION = 14

export const emitModbus = (transaction: number, unit: number, pdu: Buffer): Buffer =>
  join(u16(transaction), u16(0), u16(pdu.length + 1), u8(unit), pdu)

export const readRegisters = (from: number, count: number): Buffer =>
  join(u8(READ_HOLDING_REGISTERS), u16(from), u16(count))

export const registersRead = (values: number[]): Buffer =>
  join(u8(READ_HOLDING_REGISTERS), u8(values.length * 2), ...values.map(u16))

export const readCoils = (from: number, count: number): Buffer => join(u8(READ_COILS), u16(from), u16(count))

export const coilsRead = (octets: Buffer): Buffer => join(u8(READ_COILS), u8(octets.length), octets)

/** The answer repeats the request. */
export const writeRegister = (register: number, value: number): Buffer =>
  join(u8(WRITE_SINGLE_REGISTER), u16(register), u16(value))

/** Function 43/14, the basic objects. */
export const readDeviceIdentification = (): Buffer =>
  Buffer.of(ENCAPSULATED_INTERFACE_TRANSPORT, READ_DEVICE_IDENTIFICATION, 1, 0)

/** VendorName, ProductCode, MajorMinorRevision: objects 0, 1 and 2. */
export const deviceIdentification = (objects: string[]): Buffer =>
  join(
    Buffer.of(ENCAPSULATED_INTERFACE_TRANSPORT, READ_DEVICE_IDENTIFICATION, 1, 1, 0, 0, objects.length),
    ...objects.map((text, id) => join(u8(id), u8(text.length), text)),
  )
