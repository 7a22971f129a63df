/**
 * What encoder and decoder have to agree on. nps-report(5) describes the format byte by byte; a test holds it against
 * the numbers here.
 */

/** In a text file this would be no first line. */
export const MAGIC = Buffer.from([0x89, 0x4e, 0x50, 0x42])

/** Version 1 was gzipped JSON, which begins with 1F 8B. */
export const VERSION = 2

export const KINDS = ['new', 'update'] as const

/** Class numbers are places in this list; it only ever grows at its end. */
export const CLASSES = ['inventoried', 'non-inventoried', 'excluded', 'monitored', 'external'] as const

/** Magic, version, kind, id, begin and end of the interval. */
export const HEAD_BYTES = 4 + 1 + 1 + 16 + 6 + 6

/** The first half of SHA-256 over all before it. */
export const DIGEST_BYTES = 16

/** A section is its tag, the length of what follows, and that. Sections of other tags are skipped. */
export const SECTION = { flows: 1, assets: 2, machines: 3 } as const

/** How an address or a name is written. */
export const NAME_KIND = { text: 0, ipv4: 4, ipv6: 6 } as const

/** A decoder never holds more than one section, so these bound its memory. */
export const MOST_ROWS_A_SECTION = 8192
export const MOST_SECTION_BYTES = 1024 * 1024

/** What an encoder puts into one. Usual machines take 500 bytes: so many are packed in some 10 ms. */
export const MACHINES_A_SECTION = 1024

/** Addresses, statements and the like of one machine, of each sort. */
export const MOST_OF_A_MACHINE = 4096

/**
 * All sections of a kind in a batch, unpacked. Usual flows take 14 bytes, so that is some millions of them;
 * machines take some 500, so that is a hundred thousand.
 */
export const MOST_UNPACKED_BYTES = 64 * 1024 * 1024

/** UTF-8. Names and groups have at most 256 characters (platform/batch-schema.ts), addresses fewer. */
export const MOST_TEXT_BYTES = 1024

/** Times that are whole seconds are written as seconds. */
export const UNITS_MS = [1, 1000] as const
