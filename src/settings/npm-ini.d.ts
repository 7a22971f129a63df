/** The parts of npm's `ini` that ini-text.ts builds on. The package brings no types. */
declare module 'ini' {
  /** A value as ini text, quoted where the package thinks it must be. */
  export function safe(text: string): string
  /** The value that ini text stands for. Not always a string: `'1'` comes back as the number 1. */
  export function unsafe(text: string): unknown
  export function parse(text: string): Record<string, unknown>
}
