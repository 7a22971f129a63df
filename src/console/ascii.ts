/**
 * Text as any terminal can show it, a column a character. Names and messages come from the platform, from proxies and
 * from the network: a control character must not reach the terminal, a wide, combining or right-to-left one would move
 * what stands beside it, and nobody has asked this terminal yet whether it decodes UTF-8. A letter with an accent
 * loses the accent, so that the name stays readable; everything else is a `?`.
 */
export function asAscii(text: string): string {
  return text.replace(/[^ -~]/gu, (char) => {
    const [base = ''] = char.normalize('NFD')
    return base >= ' ' && base <= '~' ? base : '?'
  })
}
