/**
 * Text that came from outside (a certificate's name, a platform's reason) made fit for a screen and a log: one line,
 * no control or formatting characters that could move the cursor or turn the text around, cut at `longest`.
 */
export function foreignText(text: string, longest = 120): string {
  const plain = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 1)}…`
}
