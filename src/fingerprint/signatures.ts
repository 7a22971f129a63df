import type { Finding, Knowledge } from '../asset/knowledge'
import { CardMakers } from './card-makers'
import { Memory } from './memory'
import { SignatureTable } from './signature-table'

/** The file with the makers of network cards; every other one in the folder is a table of signatures. */
export const CARD_MAKERS_FILE = 'card-makers.txt'

const NOTHING: readonly Finding[] = []

/** All the tables: what `.tsv` is called is the kind of clue that it reads. */
export class Signatures implements Knowledge {
  private readonly tables = new Map<string, SignatureTable>()
  private readonly makers: CardMakers

  /** The files of src/fingerprint/tables, by name. */
  constructor(files: ReadonlyMap<string, string>) {
    this.makers = new CardMakers(files.get(CARD_MAKERS_FILE) ?? '')
    const memory = new Memory()
    for (const [name, text] of files) {
      if (!name.endsWith('.tsv')) continue
      this.tables.set(name.slice(0, -'.tsv'.length), new SignatureTable(name, text, memory))
    }
  }

  conclude(kind: string, value: string): readonly Finding[] {
    return this.tables.get(kind)?.conclude(value) ?? NOTHING
  }

  vendorOf(mac: number): string | undefined {
    return this.makers.find(mac)
  }
}
