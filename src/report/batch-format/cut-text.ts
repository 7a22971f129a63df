import { MOST_TEXT_BYTES } from './layout'

/** As much of the text as a batch may hold, whole characters. */
export function cutText(text: string): string {
  if (3 * text.length <= MOST_TEXT_BYTES) return text
  const bytes = Buffer.from(text, 'utf8')
  let end = Math.min(bytes.length, MOST_TEXT_BYTES)
  // Not within a character: the bytes that go on one begin with the bits 10.
  while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
