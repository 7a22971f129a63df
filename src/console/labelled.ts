import { wrap } from '../form/text'

/** Column the values start in. */
export const LABEL_WIDTH = 14

/** `Gateway       192.168.1.1`; a value that is too long goes on below itself. */
export function labelled(label: string, value: string, columns: number, labelWidth = LABEL_WIDTH): string[] {
  return wrap(value, Math.max(1, columns - labelWidth)).map(
    (line, index) => (index === 0 ? label : '').padEnd(labelWidth) + line,
  )
}
