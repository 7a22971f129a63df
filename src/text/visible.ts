/**
 * Names come from the network, and whoever sends them can put anything in. What would not be seen, would turn the
 * line around or move the cursor is shown as its code point.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${character.codePointAt(0)!.toString(16)}}`
  })
}
