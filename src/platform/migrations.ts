import type Database from 'libsql'
import { sortKey } from './sort-key'

/** Statements, or what is to be done to the database where they do not suffice. */
export type Migration = string | ((db: Database.Database) => void)

/**
 * The tables, one step a version (SQLite's user_version). A step that has shipped is never edited: a change is a new
 * step at the end. Numbers are INTEGER so that the column's affinity undoes the driver's binding of all as REAL.
 */
export const MIGRATIONS: readonly Migration[] = [
  `
  CREATE TABLE sensors (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    location TEXT NOT NULL,
    start_sensing INTEGER NOT NULL,
    registration TEXT NOT NULL DEFAULT 'Unregistered',
    registered_ms INTEGER NOT NULL DEFAULT 0,
    model TEXT NOT NULL DEFAULT '',
    serial TEXT NOT NULL DEFAULT '',
    version TEXT NOT NULL DEFAULT '',
    sensing TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    mac TEXT NOT NULL DEFAULT '',
    counters TEXT NOT NULL DEFAULT '{}',
    configured_version INTEGER NOT NULL DEFAULT 0,
    seen_ms INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE codes (
    hash TEXT PRIMARY KEY,
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    made_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_ms INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX codes_by_sensor ON codes(sensor_id);

  CREATE TABLE certificates (
    fingerprint TEXT PRIMARY KEY,
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    serial TEXT NOT NULL UNIQUE,
    pem TEXT NOT NULL,
    attempt TEXT NOT NULL,
    key_fingerprint TEXT NOT NULL,
    issued_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    is_current INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX one_current_certificate ON certificates(sensor_id) WHERE is_current = 1;

  CREATE TABLE configurations (
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    groups TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    PRIMARY KEY (sensor_id, version)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE commands (
    id TEXT PRIMARY KEY,
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    command TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    done_ms INTEGER NOT NULL DEFAULT 0,
    ok INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX commands_by_sensor ON commands(sensor_id, made_ms);

  -- The id is the sensor's own choice, so it is unique for that sensor only: no sensor can use up another's ids.
  CREATE TABLE batches (
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (sensor_id, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE flows (
    id INTEGER PRIMARY KEY,
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    client TEXT NOT NULL,
    client_class TEXT NOT NULL,
    client_group TEXT,
    server TEXT NOT NULL,
    server_class TEXT NOT NULL,
    server_group TEXT,
    port INTEGER NOT NULL,
    proto TEXT NOT NULL,
    c2s_packets INTEGER NOT NULL,
    s2c_packets INTEGER NOT NULL,
    c2s_bytes INTEGER NOT NULL,
    s2c_bytes INTEGER NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    -- Which ends are listed as THIS ASSET; kept so that each half of the listing reads along an index.
    lists_client INTEGER NOT NULL,
    lists_server INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX flows_of_clients ON flows(last_ms) WHERE lists_client = 1;
  CREATE INDEX flows_of_servers ON flows(last_ms) WHERE lists_server = 1;
  CREATE INDEX flows_by_client ON flows(client, last_ms) WHERE lists_client = 1;
  CREATE INDEX flows_by_server ON flows(server, last_ms) WHERE lists_server = 1;
  CREATE INDEX flows_by_sensor ON flows(sensor_id, last_ms);
  CREATE INDEX flows_by_port ON flows(port, last_ms);

  CREATE TABLE assets (
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    mac TEXT NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    PRIMARY KEY (sensor_id, address)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX assets_by_last ON assets(last_ms);
  `,
  `
  -- By the platform's clock: a sensor's own can be years off, and what it sends must neither go at once nor stay for ever.
  ALTER TABLE flows ADD COLUMN received_ms INTEGER NOT NULL DEFAULT 0;
  UPDATE flows SET received_ms = last_ms;
  CREATE INDEX flows_by_received ON flows(received_ms);
  CREATE INDEX batches_by_received ON batches(received_ms);

  ALTER TABLE sensors ADD COLUMN configuration_trouble TEXT NOT NULL DEFAULT '';
  `,
  `
  -- Both NULL while the application is unknown.
  ALTER TABLE flows ADD COLUMN service_app TEXT;
  ALTER TABLE flows ADD COLUMN service_by TEXT;
  `,
  `
  -- A batch comes in piece by piece. What came before this was kept whole or not at all.
  ALTER TABLE batches ADD COLUMN is_whole INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE batches ADD COLUMN rows INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- NULL until the sensor has said how good its feed is.
  ALTER TABLE sensors ADD COLUMN feed TEXT;
  `,
  `
  -- A machine as its sensor told it last; lists are JSON.
  CREATE TABLE machines (
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    is_gateway INTEGER NOT NULL,
    macs TEXT NOT NULL,
    attributes TEXT NOT NULL,
    services TEXT NOT NULL,
    said TEXT NOT NULL,
    reasons TEXT NOT NULL,
    PRIMARY KEY (sensor_id, id)
  ) STRICT;

  -- Whose an address is. It need not be listed as an asset: the batch with its machine may come first.
  CREATE TABLE machine_addresses (
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    machine TEXT NOT NULL,
    PRIMARY KEY (sensor_id, address)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX addresses_by_machine ON machine_addresses(sensor_id, machine);
  `,
  `
  -- JSON; NULL until the operator has saved it.
  ALTER TABLE configurations ADD COLUMN inventory TEXT;
  `,
  `
  -- When something of it was told last, by the platform's clock; what is here already counts from now.
  ALTER TABLE assets ADD COLUMN received_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE machines ADD COLUMN received_ms INTEGER NOT NULL DEFAULT 0;
  UPDATE assets SET received_ms = 1000 * CAST(strftime('%s', 'now') AS INTEGER);
  UPDATE machines SET received_ms = 1000 * CAST(strftime('%s', 'now') AS INTEGER);
  CREATE INDEX assets_by_received ON assets(received_ms);
  CREATE INDEX machines_by_received ON machines(received_ms);

  -- What a machine is found by, in lower case. Apart from the machine's long row, so that a search reads little.
  CREATE TABLE machine_words (
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    machine TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (sensor_id, machine)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO machine_words
    SELECT sensor_id, id, lower(macs || coalesce(
      (SELECT group_concat(json_extract(value, '$.value'), ' ') FROM json_each(attributes)), '')) FROM machines;
  `,
  `
  -- The hostnames by which machines became one, out of the reasons for that; see merged-by-name.ts.
  CREATE TABLE merging_names (
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    machine TEXT NOT NULL,
    PRIMARY KEY (sensor_id, name, machine)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX merging_names_by_machine ON merging_names(sensor_id, machine);
  INSERT OR IGNORE INTO merging_names
    SELECT sensor_id, substr(value, instr(value, ' goes by the same hostname ') + 27), machines.id
    FROM machines, json_each(reasons) WHERE instr(value, ' goes by the same hostname ') > 0;

  -- Numbered, as an index of texts asks for.
  CREATE TABLE numbered_assets (
    number INTEGER PRIMARY KEY,
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    mac TEXT NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    UNIQUE (sensor_id, address)
  ) STRICT;
  INSERT INTO numbered_assets (sensor_id, address, mac, first_ms, last_ms, received_ms)
    SELECT sensor_id, address, mac, first_ms, last_ms, received_ms FROM assets;
  DROP TABLE assets;
  ALTER TABLE numbered_assets RENAME TO assets;
  CREATE INDEX assets_by_last ON assets(last_ms);
  CREATE INDEX assets_by_received ON assets(received_ms);

  CREATE TABLE numbered_words (
    number INTEGER PRIMARY KEY,
    sensor_id TEXT NOT NULL REFERENCES sensors(id) ON DELETE CASCADE,
    machine TEXT NOT NULL,
    words TEXT NOT NULL,
    UNIQUE (sensor_id, machine)
  ) STRICT;
  INSERT INTO numbered_words (sensor_id, machine, words) SELECT sensor_id, machine, words FROM machine_words;
  DROP TABLE machine_words;
  ALTER TABLE numbered_words RENAME TO machine_words;

  -- Which of them have three characters in a row. They hold no text of their own, so each change is told to them.
  CREATE VIRTUAL TABLE assets_by_text USING fts5(
    address, mac, content = 'assets', content_rowid = 'number', tokenize = 'trigram');
  CREATE VIRTUAL TABLE machines_by_text USING fts5(
    words, content = 'machine_words', content_rowid = 'number', tokenize = 'trigram');
  INSERT INTO assets_by_text(assets_by_text) VALUES ('rebuild');
  INSERT INTO machines_by_text(machines_by_text) VALUES ('rebuild');

  CREATE TRIGGER asset_is_new AFTER INSERT ON assets BEGIN
    INSERT INTO assets_by_text(rowid, address, mac) VALUES (new.number, new.address, new.mac);
  END;
  CREATE TRIGGER asset_has_gone AFTER DELETE ON assets BEGIN
    INSERT INTO assets_by_text(assets_by_text, rowid, address, mac)
      VALUES ('delete', old.number, old.address, old.mac);
  END;
  CREATE TRIGGER asset_has_changed AFTER UPDATE OF mac ON assets WHEN old.mac <> new.mac BEGIN
    INSERT INTO assets_by_text(assets_by_text, rowid, address, mac)
      VALUES ('delete', old.number, old.address, old.mac);
    INSERT INTO assets_by_text(rowid, address, mac) VALUES (new.number, new.address, new.mac);
  END;
  CREATE TRIGGER words_are_new AFTER INSERT ON machine_words BEGIN
    INSERT INTO machines_by_text(rowid, words) VALUES (new.number, new.words);
  END;
  CREATE TRIGGER words_have_gone AFTER DELETE ON machine_words BEGIN
    INSERT INTO machines_by_text(machines_by_text, rowid, words) VALUES ('delete', old.number, old.words);
  END;
  CREATE TRIGGER words_have_changed AFTER UPDATE OF words ON machine_words WHEN old.words <> new.words BEGIN
    INSERT INTO machines_by_text(machines_by_text, rowid, words) VALUES ('delete', old.number, old.words);
    INSERT INTO machines_by_text(rowid, words) VALUES (new.number, new.words);
  END;
  `,
  `
  -- Whether it tells by which clues the machine is known; of what is here already it is not known.
  ALTER TABLE machines ADD COLUMN has_clues INTEGER NOT NULL DEFAULT 1;
  CREATE INDEX machines_with_clues ON machines(sensor_id) WHERE has_clues = 1;
  `,
  `
  -- Where address spaces overlap, each is a Network of its own, with its own sensors; empty where nobody has said.
  ALTER TABLE sensors ADD COLUMN network TEXT NOT NULL DEFAULT '';
  -- In the operator's order; the ranges are JSON.
  CREATE TABLE tags (
    place INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    network TEXT NOT NULL,
    ranges TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- For every address, which has to be said by now.
  UPDATE tags SET ranges = '["*"]' WHERE ranges = '[]';
  `,
  `
  -- The address as text that sorts as addresses do, so that all of a range are found along an index; see sort-key.ts.
  ALTER TABLE assets ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';
  `,
  (db) => {
    const rows = db.prepare('SELECT number, address FROM assets').all() as { number: number; address: string }[]
    const update = db.prepare('UPDATE assets SET sort_key = ? WHERE number = ?')
    for (const { number, address } of rows) update.run(sortKey(address), number)
  },
  'CREATE INDEX assets_by_key ON assets(sort_key)',
]
