import { noBlanks, type FieldKind } from './kind'

/** A dotted mask, entered freely. `/24` becomes the mask it means, computed from the prefix (C-01). */
export const netmask: FieldKind = { width: 15, longest: 64, takes: noBlanks, settle }

function settle(text: string): string {
  const prefix = /^\/(\d{1,2})$/.exec(text)?.[1]
  if (prefix === undefined || Number(prefix) > 32) return text
  return [0, 8, 16, 24].map((bitsBefore) => octet(Number(prefix) - bitsBefore)).join('.')
}

function octet(bits: number): number {
  return 256 - 2 ** (8 - Math.min(8, Math.max(0, bits)))
}
