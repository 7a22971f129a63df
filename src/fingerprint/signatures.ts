import type { Finding, Knowledge } from '../asset/knowledge'
import { CardMakers } from './card-makers'
import { Memory } from './memory'
import { SignatureTable } from './signature-table'

/** The file with the makers of network cards; every other one in the folder is a table of signatures. */
const CARD_MAKERS_FILE = 'card-makers.txt'

const TABLE_ENDING = '.tsv'

/** All the tables: what `.tsv` is called is the kind of clue that it reads. Read when they are asked first. */
export class Signatures implements Knowledge {
  private readonly tables = new Map<string, SignatureTable | undefined>()
  private readonly memory = new Memory()
  private makers: CardMakers | undefined

  /** The names of the files in src/fingerprint/tables, and what reads one. */
  constructor(
    private readonly files: ReadonlySet<string>,
    private readonly read: (name: string) => Buffer,
  ) {}

  conclude(kind: string, value: string): Finding | undefined {
    let table = this.tables.get(kind)
    if (table === undefined && !this.tables.has(kind)) {
      table = this.tableOf(kind)
      this.tables.set(kind, table)
    }
    return table?.conclude(value)
  }

  vendorOf(mac: number): string | undefined {
    this.makers ??= new CardMakers(this.read(CARD_MAKERS_FILE))
    return this.makers.find(mac)
  }

  private tableOf(kind: string): SignatureTable | undefined {
    const name = `${kind}${TABLE_ENDING}`
    return this.files.has(name) ? new SignatureTable(name, this.read(name).toString(), this.memory) : undefined
  }
}
