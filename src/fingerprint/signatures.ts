import type { Finding, Knowledge } from '../asset/knowledge'
import { CardMakers } from './card-makers'
import { Memory } from './memory'
import { SignatureTable } from './signature-table'

/** The file with the makers of network cards; every other one in the folder is a table of signatures. */
const CARD_MAKERS_FILE = 'card-makers.txt'

/** All the tables: what `.tsv` is called is the kind of clue that it reads. Each is made out when it is asked first. */
export class Signatures implements Knowledge {
  private readonly tables = new Map<string, SignatureTable | undefined>()
  private readonly memory = new Memory()
  private readonly makers: CardMakers

  /** The files of src/fingerprint/tables, by name. */
  constructor(private readonly files: ReadonlyMap<string, Buffer>) {
    this.makers = new CardMakers(files.get(CARD_MAKERS_FILE) ?? Buffer.alloc(0))
  }

  conclude(kind: string, value: string): Finding | undefined {
    let table = this.tables.get(kind)
    if (table === undefined && !this.tables.has(kind)) {
      table = this.tableOf(kind)
      this.tables.set(kind, table)
    }
    return table?.conclude(value)
  }

  vendorOf(mac: number): string | undefined {
    return this.makers.find(mac)
  }

  private tableOf(kind: string): SignatureTable | undefined {
    const name = `${kind}.tsv`
    const file = this.files.get(name)
    return file === undefined ? undefined : new SignatureTable(name, file.toString(), this.memory)
  }
}
