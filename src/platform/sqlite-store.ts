import Database from 'libsql'
import { Configuration } from '../link/messages'
import { hasClues, withoutClues } from '../report/clues'
import type { AssetSummary, FlowSummary } from '../report/summary'
import { migrate } from './migrate'
import { AHEAD_MS, keptMachines } from './sqlite-machines'
import { listedEnds, trafficQuery } from './sqlite-queries'
import { assetQuery } from './sqlite-search'
import { sortKey } from './sort-key'
import {
  assetRecord,
  machineRecord,
  certificateRecord,
  codeRecord,
  commandRecord,
  sensorRecord,
  trafficRecord,
  trafficSummaryRecord,
  type Row,
  type Value,
} from './sqlite-rows'
import { tagger, type Tag, type Tagger } from './tags'
import { COUNT_LIMIT, type NewCode, type NewCommand, type Store } from './store'

/** Open the database file, made when missing, and bring its tables up to date. */
export function openSqliteStore(path: string): Store {
  const db = new Database(path, { timeout: 5000 })
  // WAL lets pages read while a batch is written. FULL syncs at each commit: after 201 the sensor deletes its copy.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  // What is dropped is overwritten, so that no clue stays in the file.
  db.exec('PRAGMA secure_delete = ON')

  const prepared = new Map<string, Database.Statement>()
  function statement(sql: string): Database.Statement {
    let found = prepared.get(sql)
    if (found === undefined) prepared.set(sql, (found = db.prepare(sql)))
    return found
  }
  const run = (sql: string, ...values: Value[]): number => statement(sql).run(...values.map(storable)).changes
  const get = (sql: string, ...values: Value[]): Row | undefined => {
    return statement(sql).get(...values.map(storable)) as Row | undefined
  }
  const all = (sql: string, ...values: Value[]): Row[] => statement(sql).all(...values.map(storable)) as Row[]
  const inTransaction = <Result>(work: () => Result): Result => db.transaction(work).immediate()
  const statements = { run, get, all }
  const kept = keptMachines(statements)
  /** Sensors whose clues are in no index and no log any more either: none came in since these were cleared after a removal. */
  const cleared = new Set<string>()
  let isMerging = false
  /** Made anew once the tags have changed. */
  let compiledTags: Tagger | undefined

  migrate(db, path)

  function addCode(sensorId: string, code: NewCode): void {
    run(
      'INSERT INTO codes (hash, sensor_id, made_ms, expires_ms) VALUES (?, ?, ?, ?)',
      code.hash,
      sensorId,
      code.madeAtMs,
      code.expiresAtMs,
    )
  }

  function addCommand(sensorId: string, command: NewCommand): void {
    run(
      'INSERT INTO commands (id, sensor_id, command, made_ms) VALUES (?, ?, ?, ?)',
      command.id,
      sensorId,
      command.command,
      command.madeAtMs,
    )
  }

  function addFlow(sensorId: string, flow: FlowSummary, atMs: number): void {
    const ends = listedEnds(flow)
    run(
      `INSERT INTO flows (sensor_id, client, client_class, client_group, server, server_class, server_group, port,
         proto, c2s_packets, s2c_packets, c2s_bytes, s2c_bytes, first_ms, last_ms, lists_client, lists_server,
         received_ms, service_app, service_by)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      sensorId,
      flow.client.name,
      flow.client.class,
      flow.client.group ?? null,
      flow.server.name,
      flow.server.class,
      flow.server.group ?? null,
      flow.port,
      flow.proto,
      flow.c2sPackets,
      flow.s2cPackets,
      flow.c2sBytes,
      flow.s2cBytes,
      flow.firstMs,
      flow.lastMs,
      ends.client ? 1 : 0,
      ends.server ? 1 : 0,
      atMs,
      flow.service?.app ?? null,
      flow.service?.by ?? null,
    )
  }

  /**
   * Batches come late and out of order after an outage, so the newest word on the MAC is the one seen last, unless that was
   * by a clock that was ahead.
   */
  function addAsset(sensorId: string, asset: AssetSummary, atMs: number): void {
    run(
      `INSERT INTO assets (sensor_id, address, sort_key, mac, first_ms, last_ms, received_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET
         mac = CASE WHEN excluded.mac <> '' AND (excluded.last_ms >= last_ms OR last_ms > ? OR mac = '')
                    THEN excluded.mac ELSE mac END,
         first_ms = min(first_ms, excluded.first_ms),
         last_ms = CASE WHEN last_ms > ? THEN excluded.last_ms ELSE max(last_ms, excluded.last_ms) END,
         received_ms = excluded.received_ms`,
      sensorId,
      asset.address,
      sortKey(asset.address),
      asset.mac,
      asset.firstMs,
      asset.lastMs,
      atMs,
      atMs + AHEAD_MS,
      atMs + AHEAD_MS,
    )
  }

  function configuration(sensorId: string): Configuration {
    const row = get(
      `SELECT configurations.version, groups, inventory, name FROM configurations JOIN sensors ON sensors.id = sensor_id
       WHERE sensor_id = ? ORDER BY configurations.version DESC LIMIT 1`,
      sensorId,
    )
    if (row === undefined) throw new Error(`no configuration of sensor ${sensorId}`)
    const { version, name } = row
    const inventory = row.inventory === null ? {} : { inventory: JSON.parse(String(row.inventory)) }
    return Configuration.parse({ version, name, groups: JSON.parse(String(row.groups)), ...inventory })
  }

  function tags(): Tag[] {
    return all('SELECT name, network, ranges FROM tags ORDER BY place').map(({ name, network, ranges }) => {
      return { name: String(name), network: String(network), ranges: JSON.parse(String(ranges)) as string[] }
    })
  }

  function tagsOf(): Tagger {
    return (compiledTags ??= tagger(tags()))
  }

  /**
   * The index of words only notes what is gone, until its parts are merged into one. This goes on with that for a while;
   * true when there is more to do. (Its option secure-delete breaks the index, as of SQLite 3.45.)
   */
  function mergeWords(): boolean {
    const changes = (): number => Number(get('SELECT total_changes() AS n')?.n)
    const before = changes()
    const pages = isMerging ? MERGED_AT_ONCE : -MERGED_AT_ONCE
    run(`INSERT INTO machines_by_text(machines_by_text, rank) VALUES ('merge', ?)`, pages)
    // As the manual of the index says: one row is the command itself.
    isMerging = changes() - before >= 2
    return isMerging
  }

  /** Without reading the rest of it, which may be long. */
  function refusesFingerprints(sensorId: string): boolean {
    const row = get(
      `SELECT json_extract(inventory, '$.fingerprints') AS consent FROM configurations
       WHERE sensor_id = ? ORDER BY version DESC LIMIT 1`,
      sensorId,
    )
    return row?.consent === 0
  }

  return {
    async addSensor(sensor) {
      inTransaction(() => {
        run(
          'INSERT INTO sensors (id, name, location, start_sensing) VALUES (?, ?, ?, ?)',
          sensor.id,
          sensor.name,
          sensor.location,
          sensor.startSensing ? 1 : 0,
        )
        addCode(sensor.id, sensor.code)
        run(
          'INSERT INTO configurations (sensor_id, version, groups, made_ms) VALUES (?, 1, ?, ?)',
          sensor.id,
          JSON.stringify(sensor.groups),
          sensor.code.madeAtMs,
        )
      })
    },

    async replaceCode(sensorId, code) {
      inTransaction(() => {
        run('DELETE FROM codes WHERE sensor_id = ? AND used_ms = 0', sensorId)
        addCode(sensorId, code)
      })
    },

    async findCode(hash) {
      const row = get('SELECT * FROM codes WHERE hash = ?', hash)
      return row && codeRecord(row)
    },

    async register(hash, registration) {
      return inTransaction(() => {
        const { sensorId, atMs, certificate } = registration
        const burned = run('UPDATE codes SET used_ms = ? WHERE hash = ? AND used_ms = 0', atMs, hash)
        if (burned === 0) return false
        run('UPDATE certificates SET is_current = 0 WHERE sensor_id = ? AND is_current = 1', sensorId)
        run(
          `INSERT INTO certificates
             (fingerprint, sensor_id, serial, pem, attempt, key_fingerprint, issued_ms, expires_ms, is_current)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)`,
          certificate.fingerprint,
          sensorId,
          certificate.serial,
          certificate.pem,
          registration.attempt,
          registration.keyFingerprint,
          atMs,
          certificate.expiresAtMs,
        )
        run(
          `UPDATE sensors SET registration = 'Registered', registered_ms = ?, model = ?, serial = ?, version = ?
           WHERE id = ?`,
          atMs,
          registration.model,
          registration.serial,
          registration.version,
          sensorId,
        )
        return true
      })
    },

    async sensors() {
      return all(`${SELECT_SENSOR} ORDER BY name, id`).map(sensorRecord)
    },

    async sensor(id) {
      const row = get(`${SELECT_SENSOR} WHERE id = ?`, id)
      return row && sensorRecord(row)
    },

    async recordSensor(id, seen) {
      run(
        `UPDATE sensors SET seen_ms = ?, model = coalesce(?, model), version = coalesce(?, version),
           sensing = coalesce(?, sensing), address = coalesce(?, address), mac = coalesce(?, mac),
           counters = coalesce(?, counters), feed = coalesce(?, feed), configured_version = coalesce(?, configured_version),
           configuration_trouble = coalesce(?, configuration_trouble)
         WHERE id = ?`,
        seen.seenAtMs,
        seen.model ?? null,
        seen.version ?? null,
        seen.sensing ?? null,
        seen.address ?? null,
        seen.mac ?? null,
        seen.counters === undefined ? null : JSON.stringify(seen.counters),
        seen.feed === undefined ? null : JSON.stringify(seen.feed),
        seen.configuredVersion ?? null,
        seen.configurationTrouble ?? null,
        id,
      )
    },

    async setNetwork(id, network) {
      run('UPDATE sensors SET network = ? WHERE id = ?', network, id)
    },

    async tags() {
      return tags()
    },

    async setTags(wanted) {
      inTransaction(() => {
        run('DELETE FROM tags')
        for (const { name, network, ranges } of wanted)
          run('INSERT INTO tags (name, network, ranges) VALUES (?, ?, ?)', name, network, JSON.stringify(ranges))
      })
      compiledTags = undefined
    },

    async tagsOf(network, addresses) {
      return [...new Set(addresses.flatMap((address) => tagsOf()(network, address)))]
    },

    async deregister(id, command) {
      inTransaction(() => {
        run(`UPDATE sensors SET registration = 'Deregistered' WHERE id = ?`, id)
        run('DELETE FROM codes WHERE sensor_id = ? AND used_ms = 0', id)
        run('DELETE FROM commands WHERE sensor_id = ? AND done_ms = 0', id)
        if (command !== undefined) addCommand(id, command)
      })
    },

    async removeSensor(id) {
      inTransaction(() => run('DELETE FROM sensors WHERE id = ?', id))
    },

    async certificate(fingerprint) {
      const row = get('SELECT * FROM certificates WHERE fingerprint = ?', fingerprint)
      return row && certificateRecord(row)
    },

    async currentCertificate(sensorId) {
      const row = get('SELECT * FROM certificates WHERE sensor_id = ? AND is_current = 1', sensorId)
      return row && certificateRecord(row)
    },

    async configuration(sensorId) {
      return configuration(sensorId)
    },

    async configure(sensorId, { groups, inventory }, atMs) {
      return inTransaction(() => {
        const before = configuration(sensorId)
        const kept = inventory ?? before.inventory
        run(
          'INSERT INTO configurations (sensor_id, version, groups, inventory, made_ms) VALUES (?, ?, ?, ?, ?)',
          sensorId,
          before.version + 1,
          JSON.stringify(groups),
          kept === undefined ? null : JSON.stringify(kept),
          atMs,
        )
        run(`UPDATE sensors SET configuration_trouble = '' WHERE id = ?`, sensorId)
        return configuration(sensorId)
      })
    },

    async mergedByName(sensorId, names) {
      return kept.mergedBy(sensorId, names).length
    },

    async purgeMerged(sensorId, names) {
      return inTransaction(() => {
        const ids = kept.mergedBy(sensorId, names)
        for (const id of ids) kept.drop(sensorId, id)
        return ids.length
      })
    },

    async addCommand(sensorId, command) {
      addCommand(sensorId, command)
    },

    async commands(sensorId, limit) {
      return all(
        'SELECT * FROM commands WHERE sensor_id = ? ORDER BY made_ms DESC, rowid DESC LIMIT ?',
        sensorId,
        limit,
      ).map(commandRecord)
    },

    async pendingCommands(sensorId) {
      return all('SELECT * FROM commands WHERE sensor_id = ? AND done_ms = 0 ORDER BY made_ms, rowid', sensorId).map(
        commandRecord,
      )
    },

    async finishCommand(sensorId, id, ok, reason, atMs) {
      run(
        'UPDATE commands SET done_ms = ?, ok = ?, reason = ? WHERE id = ? AND sensor_id = ? AND done_ms = 0',
        atMs,
        ok ? 1 : 0,
        reason,
        id,
        sensorId,
      )
    },

    async startBatch(sensorId, head, atMs) {
      return inTransaction(() => {
        run(
          `INSERT INTO batches (sensor_id, id, kind, from_ms, until_ms, received_ms, is_whole)
           VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING`,
          sensorId,
          head.id,
          head.kind,
          head.fromMs,
          head.untilMs,
          atMs,
        )
        const kept = get('SELECT is_whole, rows FROM batches WHERE sensor_id = ? AND id = ?', sensorId, head.id)
        return { isWhole: kept?.is_whole === 1, rows: Number(kept?.rows) }
      })
    },

    async addRows(sensorId, batchId, { flows, assets, machines }, atMs) {
      inTransaction(() => {
        for (const flow of flows) addFlow(sensorId, flow, atMs)
        for (const asset of assets) addAsset(sensorId, asset, atMs)
        const mayHaveClues = machines.length > 0 && !refusesFingerprints(sensorId)
        if (mayHaveClues && machines.some(hasClues)) cleared.delete(sensorId)
        for (const machine of machines) kept.add(sensorId, mayHaveClues ? machine : withoutClues(machine), atMs)
        const rows = flows.length + assets.length + machines.length
        run('UPDATE batches SET rows = rows + ? WHERE sensor_id = ? AND id = ?', rows, sensorId, batchId)
      })
    },

    async finishBatch(sensorId, batchId) {
      run('UPDATE batches SET is_whole = 1 WHERE sensor_id = ? AND id = ?', sensorId, batchId)
    },

    async forget(receivedBeforeMs, limit) {
      return inTransaction(() => {
        const flows = run(
          'DELETE FROM flows WHERE id IN (SELECT id FROM flows WHERE received_ms < ? LIMIT ?)',
          receivedBeforeMs,
          limit,
        )
        const batches = run(
          `DELETE FROM batches WHERE (sensor_id, id) IN
             (SELECT sensor_id, id FROM batches WHERE received_ms < ? LIMIT ?)`,
          receivedBeforeMs,
          limit,
        )
        return flows === limit || batches === limit
      })
    },

    async forgetMachines(receivedBeforeMs, limit) {
      return inTransaction(() => {
        const addresses = run(
          `DELETE FROM assets WHERE (sensor_id, address) IN
             (SELECT sensor_id, address FROM assets WHERE received_ms < ? LIMIT ?)`,
          receivedBeforeMs,
          limit,
        )
        // While nothing about it changes, only its addresses are told.
        const machines = all(
          'SELECT sensor_id, id FROM machines WHERE received_ms < ? LIMIT ?',
          receivedBeforeMs,
          limit,
        )
        for (const { sensor_id, id } of machines) {
          const [sensorId, machine] = [String(sensor_id), String(id)]
          const toldMs = kept.addressesToldMs(sensorId, machine)
          if (toldMs < receivedBeforeMs) kept.drop(sensorId, machine)
          else run('UPDATE machines SET received_ms = ? WHERE sensor_id = ? AND id = ?', toldMs, sensorId, machine)
        }
        return addresses === limit || machines.length === limit
      })
    },

    async removeClues(sensorId, limit) {
      const removed = inTransaction(() => kept.removeClues(sensorId, limit))
      if (removed > 0) cleared.delete(sensorId)
      if (removed === limit) return true
      if (cleared.has(sensorId)) return false
      if (mergeWords()) return true
      // The log beside the file has pages as they were before.
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      cleared.add(sensorId)
      return false
    },

    async traffic(filter, page) {
      const { sql, values } = trafficQuery(filter)
      const rows = all(
        `SELECT listing.*, sensors.name AS sensor_name FROM
           (${sql} ORDER BY last_ms DESC, id DESC, end LIMIT ? OFFSET ?) AS listing
         JOIN sensors ON sensors.id = listing.sensor_id ORDER BY last_ms DESC, listing.id DESC, end`,
        ...values,
        page.limit,
        page.offset,
      )
      const counted = get(`SELECT count(*) AS total FROM (${sql} LIMIT ?)`, ...values, COUNT_LIMIT)
      return { rows: rows.map(trafficRecord), total: Number(counted?.total) }
    },

    async trafficSummary(filter) {
      const { sql, values } = trafficQuery(filter)
      const rows = all(
        `SELECT service_app, end, sum(CASE end WHEN 'client' THEN s2c_bytes ELSE c2s_bytes END) AS ingress,
           sum(CASE end WHEN 'client' THEN c2s_bytes ELSE s2c_bytes END) AS egress
         FROM (${sql} ORDER BY last_ms DESC, id DESC, end LIMIT ?)
         GROUP BY service_app, end ORDER BY ingress + egress DESC, service_app, end LIMIT ?`,
        ...values,
        COUNT_LIMIT,
        MOST_APPLICATIONS,
      )
      return rows.map(trafficSummaryRecord)
    },

    async assets(filter, page) {
      const { tag: name, ...others } = filter
      const tag = name === undefined ? undefined : tags().find((each) => each.name === name)
      // A tag that there is not, or not any more.
      if (name !== undefined && tag === undefined) return { rows: [], total: 0 }
      const { from, where, values } = assetQuery(statements, others, tag)
      const order = 'ORDER BY assets.last_ms DESC, assets.address, assets.sensor_id'
      // The page first: sorting must not carry what is shown of each.
      const rows = all(
        `SELECT assets.*, sensors.name AS sensor_name, network,
           machines.id AS machine, is_gateway, attributes, services
         FROM (SELECT assets.number FROM ${from} WHERE ${where} ${order} LIMIT ? OFFSET ?) AS page
         CROSS JOIN assets USING (number)
         JOIN sensors ON sensors.id = assets.sensor_id
         LEFT JOIN machine_addresses AS has ON has.sensor_id = assets.sensor_id AND has.address = assets.address
         LEFT JOIN machines ON machines.sensor_id = assets.sensor_id
           AND machines.id = coalesce(has.machine, assets.address)
         ${order}`,
        ...values,
        page.limit,
        page.offset,
      )
      const counted = get(
        `SELECT count(*) AS total FROM (SELECT 1 FROM ${from} WHERE ${where} LIMIT ?)`,
        ...values,
        COUNT_LIMIT,
      )
      return { rows: rows.map((row) => assetRecord(row, tagsOf())), total: Number(counted?.total) }
    },

    async machine(sensorId, addressOrId) {
      const row = get(
        `SELECT * FROM machines WHERE sensor_id = ? AND id = coalesce(
           (SELECT machine FROM machine_addresses WHERE sensor_id = ? AND address = ?), ?)`,
        ...[sensorId, sensorId, addressOrId, addressOrId],
      )
      if (row === undefined) return undefined
      const addresses = all(
        'SELECT address FROM machine_addresses WHERE sensor_id = ? AND machine = ? ORDER BY address',
        sensorId,
        String(row.id),
      )
      return machineRecord(
        row,
        addresses.map(({ address }) => String(address)),
      )
    },

    async activeAssets(sinceMs) {
      const rows = all('SELECT sensor_id, count(*) AS n FROM assets WHERE last_ms >= ? GROUP BY sensor_id', sinceMs)
      return new Map(rows.map((row) => [String(row.sensor_id), Number(row.n)]))
    },

    async assetTotals(activeSinceMs, firstSinceMs) {
      const row = get(
        `SELECT count(*) AS active, coalesce(sum(first_ms >= ?), 0) AS discovered FROM assets WHERE last_ms >= ?`,
        firstSinceMs,
        activeSinceMs,
      )
      return { active: Number(row?.active), discovered: Number(row?.discovered) }
    },

    async close() {
      prepared.clear()
      db.close()
    },
  }
}

/** Pages of the index of words; a few ten milliseconds of work. */
const MERGED_AT_ONCE = 100

/** Rows of a summary: twice as many as there are applications, and a bound for a sensor that makes some up. */
const MOST_APPLICATIONS = 500

/** The driver reads text back only up to its first NUL; a name with one would lose its end. */
function storable(value: Value): Value {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value
}

const SELECT_SENSOR = `SELECT *, coalesce((SELECT max(expires_ms) FROM codes WHERE sensor_id = id AND used_ms = 0), 0)
  AS code_expires_ms FROM sensors`
