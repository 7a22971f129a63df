import { hasClues, withoutClues } from '../report/clues'
import type { MachineSummary, SaidOf } from '../report/summary'
import { namesThatMerged } from './merged-by-name'
import { machineRecord, type Row, type Value } from './sqlite-rows'

/** Statements of one database. */
export interface Statements {
  /** Rows that were changed. */
  run(sql: string, ...values: Value[]): number
  get(sql: string, ...values: Value[]): Row | undefined
  all(sql: string, ...values: Value[]): Row[]
}

/**
 * A time of a sensor that is further ahead of the platform's clock is of one that was wrong. What is told after it has been
 * put right is not older than that.
 */
export const AHEAD_MS = 86_400_000

/** The machines of all sensors: what is kept of them, and which addresses are theirs. */
export function keptMachines({ run, get, all }: Statements) {
  /** What was told last counts, by the sensor's own time; an address is of the machine that was told to have it last. */
  function add(sensorId: string, machine: MachineSummary, atMs: number): void {
    const { id, firstMs, lastMs, isGateway, macs, attributes, said, reasons, addresses } = machine
    const known = get('SELECT first_ms, last_ms FROM machines WHERE sensor_id = ? AND id = ?', sensorId, id)
    if (known !== undefined && isLater(known, lastMs, atMs)) {
      run('UPDATE machines SET first_ms = min(first_ms, ?) WHERE sensor_id = ? AND id = ?', firstMs, sensorId, id)
      return
    }
    run(
      `INSERT OR REPLACE INTO machines
         (sensor_id, id, first_ms, last_ms, is_gateway, macs, attributes, services, said, reasons, received_ms,
          has_clues)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      sensorId,
      id,
      Math.min(firstMs, Number(known?.first_ms ?? firstMs)),
      lastMs,
      isGateway ? 1 : 0,
      ...[macs, attributes, servicesIn(said), said, reasons].map((list) => JSON.stringify(list)),
      atMs,
      hasClues(machine) ? 1 : 0,
    )
    keepWords(sensorId, machine)
    run('DELETE FROM merging_names WHERE sensor_id = ? AND machine = ?', sensorId, id)
    for (const name of namesThatMerged(reasons))
      run('INSERT OR IGNORE INTO merging_names (sensor_id, name, machine) VALUES (?, ?, ?)', sensorId, name, id)
    run('DELETE FROM machine_addresses WHERE sensor_id = ? AND machine = ?', sensorId, id)
    // It was listed by its MAC, or by that of another card of it, while it had no address.
    for (const mac of macs) {
      if (addresses.length > 0 || mac !== id)
        run('DELETE FROM assets WHERE sensor_id = ? AND address = ?', sensorId, mac)
      if (mac !== id) dropIfBare(sensorId, mac)
    }
    for (const address of addresses) takeAddress(sensorId, address, id, lastMs, atMs)
  }

  function keepWords(sensorId: string, machine: MachineSummary): void {
    run(
      `INSERT INTO machine_words (sensor_id, machine, words) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET words = excluded.words`,
      sensorId,
      machine.id,
      wordsOf(machine),
    )
  }

  function takeAddress(sensorId: string, address: string, id: string, lastMs: number, atMs: number): void {
    const owner = get(
      `SELECT id, last_ms, macs FROM machine_addresses JOIN machines USING (sensor_id)
       WHERE sensor_id = ? AND address = ? AND id = machine`,
      sensorId,
      address,
    )
    if (owner !== undefined && isLater(owner, lastMs, atMs)) return
    run(
      'INSERT OR REPLACE INTO machine_addresses (sensor_id, address, machine) VALUES (?, ?, ?)',
      sensorId,
      address,
      id,
    )
    if (owner?.macs !== '[]') return
    // Known by nothing but its address, which turned out to be another's.
    dropIfBare(sensorId, String(owner.id))
  }

  /** A machine that has no address any more is another one's by now. */
  function dropIfBare(sensorId: string, id: string): void {
    const rest = get('SELECT 1 FROM machine_addresses WHERE sensor_id = ? AND machine = ? LIMIT 1', sensorId, id)
    if (rest === undefined) drop(sensorId, id)
  }

  /** When an address of it was told last, its MAC where it is listed by that included; 0 when there is none. */
  function addressesToldMs(sensorId: string, id: string): number {
    const own = get('SELECT received_ms FROM assets WHERE sensor_id = ? AND address = ?', sensorId, id)
    // In this order whatever SQLite believes of the sizes: the addresses of one machine, and not all assets.
    const others = get(
      `SELECT max(received_ms) AS received_ms FROM machine_addresses AS has CROSS JOIN assets
         ON assets.sensor_id = has.sensor_id AND assets.address = has.address
       WHERE has.sensor_id = ? AND has.machine = ?`,
      sensorId,
      id,
    )
    return Math.max(Number(own?.received_ms ?? 0), Number(others?.received_ms ?? 0))
  }

  function drop(sensorId: string, id: string): void {
    run('DELETE FROM machine_addresses WHERE sensor_id = ? AND machine = ?', sensorId, id)
    run('DELETE FROM machine_words WHERE sensor_id = ? AND machine = ?', sensorId, id)
    run('DELETE FROM merging_names WHERE sensor_id = ? AND machine = ?', sensorId, id)
    run('DELETE FROM machines WHERE sensor_id = ? AND id = ?', sensorId, id)
  }

  /** Ids of the machines that were merged by one of these hostnames, as their sensor gives its reasons. */
  function mergedBy(sensorId: string, names: readonly string[]): string[] {
    const rows = all(
      `SELECT DISTINCT machine FROM merging_names
       WHERE sensor_id = ? AND name IN (SELECT value FROM json_each(?)) ORDER BY machine`,
      sensorId,
      JSON.stringify(names),
    )
    return rows.map(({ machine }) => String(machine))
  }

  /** Of so many machines at most; answers how many there were. */
  function removeClues(sensorId: string, limit: number): number {
    const rows = all('SELECT * FROM machines WHERE sensor_id = ? AND has_clues = 1 LIMIT ?', sensorId, limit)
    for (const row of rows) {
      const machine = withoutClues(machineRecord(row, []))
      run(
        'UPDATE machines SET attributes = ?, services = ?, said = ?, has_clues = 0 WHERE sensor_id = ? AND id = ?',
        ...[machine.attributes, servicesIn(machine.said), machine.said].map((list) => JSON.stringify(list)),
        sensorId,
        machine.id,
      )
      keepWords(sensorId, machine)
    }
    return rows.length
  }

  return { add, drop, removeClues, addressesToldMs, mergedBy }
}

/** Was the machine of this row seen later than then? */
function isLater({ last_ms: seen }: Row, lastMs: number, atMs: number): boolean {
  return Number(seen) > lastMs && Number(seen) <= atMs + AHEAD_MS
}

/** Each once, however many protocols told of it. */
function servicesIn(said: readonly SaidOf[]): string[] {
  return [...new Set(said.filter(({ kind }) => kind === 'service').map(({ value }) => value))]
}

/** What a machine is called, by whom it was made, and what it is held to be. */
function wordsOf({ macs, attributes, said }: MachineSummary): string {
  const names = said.filter(({ kind }) => kind === 'hostname')
  return [...macs, ...[...attributes, ...names].map(({ value }) => value)].join(' ').toLowerCase()
}
