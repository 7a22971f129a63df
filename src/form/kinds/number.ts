import { noBlanks, type FieldKind } from './kind'

/** A small whole number or nothing, such as a VLAN ID. What it may be is the business of who takes it. */
export const number: FieldKind = { width: 5, longest: 16, takes: noBlanks }
