import { noBlanks, type FieldKind } from './kind'

/** A dotted decimal address. `network/verify` judges it (G-13). */
export const ipv4: FieldKind = { width: 15, longest: 64, takes: noBlanks }
