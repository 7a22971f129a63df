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
