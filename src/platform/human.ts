/** Numbers and times the way the product's pages write them. */

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']

/**
 * `6.06 KB`, `4 KB`, `10.59 MB`. A KB is 1024 bytes: in the guide 10.59 MB and 996.19 KB are 11.57 MB together,
 * which a KB of 1000 bytes would make 11.59.
 */
export function volume(bytes: number): string {
  let value = bytes
  let unit = 0
  // Compared as it will be shown, or 1023.999 KB would read 1024 KB.
  while (Math.round(value * 100) / 100 >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${Math.round(value * 100) / 100} ${UNITS[unit]}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Mar 02 2022 13:42`, in UTC, because sensors and readers sit in many time zones. Empty for 0, never. */
export function timestamp(atMs: number): string {
  if (atMs === 0) return ''
  const at = new Date(atMs)
  if (Number.isNaN(at.getTime())) return 'no date'
  const two = (value: number): string => String(value).padStart(2, '0')
  const date = `${MONTHS[at.getUTCMonth()]} ${two(at.getUTCDate())} ${at.getUTCFullYear()}`
  return `${date} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
}

/** Names come from the network, and whoever sends them can put anything in. What would not be seen, or would turn
 * the line around, is shown as its code point. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${character.codePointAt(0)!.toString(16)}}`
  })
}
