import { noBlanks, type FieldKind } from './kind'

/** A host name or an address (C-09), any case (C-10). A name is at most 253 characters (RFC 1035 section 2.3.4). */
export const host: FieldKind = { width: 40, longest: 255, takes: noBlanks }
