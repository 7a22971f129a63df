/** Numbers as every screen, page and command of ours writes them. */

/** `1,234,567` */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 batch`, `1,234 batches` */
export function counted(value: number, one: string, several = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : several}`
}

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

/** `45 s`, `12 min`, `3 h 20 min`, `5 d 2 h` */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (seconds < 60) return `${seconds} s`
  if (minutes < 60) return `${minutes} min`
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`
}

/** `2024-01-02 03:04`, in UTC, as appliances keep their clocks. */
export function dateTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}

/** As far from 1970 as a Date can be, in milliseconds (ECMA-262 section 21.4.1.1). */
const FARTHEST_MS = 8.64e15

/** `2024-01-02 03:04:05`: the same to the second, which finds a frame again in a capture; `?` for what is no time. */
export function moment(ms: number): string {
  // A frame may claim any time.
  if (!(Math.abs(ms) <= FARTHEST_MS)) return '?'
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

const RATE_UNITS = ['bps', 'Kbps', 'Mbps', 'Gbps', 'Tbps']

/** Bits per second, in thousands as ports are rated: `19.4 Mbps`, `1 Gbps`. */
export function bitRate(bitsPerSecond: number): string {
  let value = bitsPerSecond
  let unit = 0
  while (Math.round(value * 10) / 10 >= 1000 && unit < RATE_UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${Math.round(value * 10) / 10} ${RATE_UNITS[unit]}`
}

/** `34 %`, `0.2 %`, `< 0.1 %` */
export function share(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return '0 %'
  const percent = (100 * part) / whole
  if (percent < 0.1) return '< 0.1 %'
  // Almost all is not all.
  const isExact = percent < 10 || (percent > 99 && percent < 100)
  return `${isExact ? Math.floor(percent * 10) / 10 : Math.round(percent)} %`
}
