import type { Key } from './keys'
import type { FieldKind } from './kinds/kind'

/**
 * The cursor of the focused field. A value that stands there is `fresh` when the cursor arrives: typing replaces it
 * whole; an arrow, Home, End or Backspace starts editing it. So a person and a script both just type the new value
 * (R-030).
 */
export interface Editing {
  cursor: number
  isFresh: boolean
}

/** A field after a key. Only what is `isTouched` counts as typed: a kept secret stays kept while the cursor moves. */
export interface Edited {
  text: string
  at: Editing
  isTouched: boolean
}

/** The field after one key, or undefined when the key means nothing to a field. */
export function edit(kind: FieldKind, text: string, at: Editing, key: Key): Edited | undefined {
  const moved = (cursor: number): Edited => ({
    text,
    at: { cursor: Math.min(text.length, Math.max(0, cursor)), isFresh: false },
    isTouched: false,
  })
  const changed = (to: string, cursor: number): Edited => ({
    text: to,
    at: { cursor, isFresh: false },
    isTouched: true,
  })
  switch (key.name) {
    case 'left':
      return moved(at.isFresh ? text.length - 1 : at.cursor - 1)
    case 'right':
      return moved(at.isFresh ? text.length : at.cursor + 1)
    case 'home':
      return moved(0)
    case 'end':
      return moved(text.length)
    case 'clear':
      return changed('', 0)
    case 'backspace':
      if (at.isFresh) return changed(text.slice(0, -1), Math.max(0, text.length - 1))
      if (at.cursor === 0) return moved(0)
      return changed(text.slice(0, at.cursor - 1) + text.slice(at.cursor), at.cursor - 1)
    case 'delete':
      if (at.isFresh) return changed('', 0)
      return changed(text.slice(0, at.cursor) + text.slice(at.cursor + 1), at.cursor)
    case 'char': {
      if (!kind.takes(key.text)) return { text, at, isTouched: false }
      if (at.isFresh) return changed(key.text, 1)
      if (text.length >= kind.longest) return moved(at.cursor)
      return changed(text.slice(0, at.cursor) + key.text + text.slice(at.cursor), at.cursor + 1)
    }
    default:
      return undefined
  }
}
