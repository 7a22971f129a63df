import type { ErrorNumber, ErrorValues } from '../../errors/catalogue'
import { noBlanks, type FieldKind } from './kind'

/** A TCP port. It travels as a number, so what is none is refused here. */
export const port: FieldKind = { width: 5, longest: 16, takes: noBlanks, refuses }

function refuses(text: string): { number: ErrorNumber; values: ErrorValues } | undefined {
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535) return undefined
  const reason = text === '' ? 'the port is missing' : `${text} is not a port from 1 to 65535`
  return { number: 22, values: { reason } }
}
