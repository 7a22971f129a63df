import type { Attribute } from './observation'

/** What a clue tells: all of it holds together, with one confidence (0 to 100). */
export type Finding = Record<Attribute, string | undefined> & { confidence: number }

/** What is known before any packet was seen. The signature tables of src/fingerprint; a test brings its own. */
export interface Knowledge {
  /** What a clue of this kind tells; nothing where no table knows it. */
  conclude(kind: string, value: string): Finding | undefined
  /** Who made the card, by its MAC; undefined where IEEE gave the range to nobody, or not to be published. */
  vendorOf(mac: number): string | undefined
}

/** Of somebody who has no tables: only what was said outright counts. */
export const NO_KNOWLEDGE: Knowledge = { conclude: () => undefined, vendorOf: () => undefined }
