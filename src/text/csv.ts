import { visible } from './visible'

/**
 * A row of a CSV file (RFC 4180), its line feed included. Names come from strangers: what a terminal would obey is
 * shown as its code point, and what a spreadsheet would take for a formula begins with an apostrophe.
 */
export function csvRow(values: readonly (string | number)[]): string {
  return `${values.map(field).join(',')}\n`
}

function field(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = visible(value).replace(/^(?=[=+\-@])/, "'")
  return /[",]|^ | $/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
