import { noBlanks, type FieldKind } from './kind'

/** An IPv6 address, at most 39 characters (G-10). `network/verify` judges it. */
export const ipv6: FieldKind = { width: 39, longest: 64, takes: noBlanks }
