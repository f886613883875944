/// Brings a database file to the present form, one step after the other.
enum Migrations {
  /// Step `n` leads from version `n` to `n + 1`. Steps that have been released never change.
  private static let steps: [String] = [
    first, limits, load, records, dataTables, code, tracing, deletions,
  ]

  static func run(_ db: Database, path: String) throws {
    let found = try db.first("PRAGMA user_version") { $0.int(0) } ?? 0
    guard found <= steps.count else {
      throw StoreError.newerVersion(path: path, found: found, known: steps.count)
    }
    for version in found..<steps.count {
      try db.transaction(immediate: true) { db in
        try db.execute(steps[version])
        try db.execute("PRAGMA user_version = \(version + 1)")
      }
    }
  }

  private static let dataTables = """
    CREATE TABLE data_tables (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      name TEXT NOT NULL, columns TEXT NOT NULL, row_count INTEGER NOT NULL,
      bytes INTEGER NOT NULL, row_index BLOB NOT NULL);
    CREATE INDEX data_tables_by_name ON data_tables (name);
    """

  private static let first = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

    CREATE TABLE scripts (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      name TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL,
      init_content TEXT, teardown_content TEXT);

    CREATE TABLE test_configurations (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      name TEXT NOT NULL,
      script INTEGER NOT NULL REFERENCES scripts (id),
      regions TEXT NOT NULL, iterations INTEGER, duration_secs REAL,
      iteration_sleep_secs REAL NOT NULL, rampup_secs REAL NOT NULL,
      manual_start INTEGER NOT NULL, script_params TEXT NOT NULL, http TEXT NOT NULL);
    CREATE INDEX test_configurations_by_script ON test_configurations (script);

    CREATE TABLE regions (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      name TEXT NOT NULL UNIQUE, public INTEGER NOT NULL,
      latitude REAL NOT NULL, longitude REAL NOT NULL,
      description TEXT NOT NULL, active INTEGER NOT NULL);

    CREATE TABLE agents (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL, region TEXT NOT NULL,
      capacity INTEGER NOT NULL, version TEXT NOT NULL, last_heartbeat INTEGER NOT NULL);

    CREATE TABLE executions (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      configuration INTEGER NOT NULL REFERENCES test_configurations (id),
      script INTEGER NOT NULL REFERENCES scripts (id),
      script_kind TEXT NOT NULL, script_content TEXT NOT NULL,
      iterations INTEGER, duration_secs REAL,
      iteration_sleep_secs REAL NOT NULL, rampup_secs REAL NOT NULL,
      manual_start INTEGER NOT NULL, script_params TEXT NOT NULL, http TEXT NOT NULL,
      concurrent_clients INTEGER NOT NULL,
      running INTEGER NOT NULL, allocated INTEGER NOT NULL,
      started_at INTEGER, finished_at INTEGER,
      cancelled_by_user INTEGER NOT NULL, completed INTEGER NOT NULL,
      summary_calculated INTEGER NOT NULL, limit_breached INTEGER NOT NULL, failure TEXT);
    CREATE INDEX executions_by_configuration ON executions (configuration, created_at);
    CREATE INDEX executions_by_creation ON executions (created_at);
    CREATE INDEX executions_by_script ON executions (script);

    CREATE TABLE execution_regions (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      execution INTEGER NOT NULL REFERENCES executions (id),
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      region INTEGER NOT NULL REFERENCES regions (id),
      position INTEGER NOT NULL, concurrent_clients INTEGER NOT NULL,
      first_client INTEGER NOT NULL, running INTEGER NOT NULL,
      started_at INTEGER, finished_at INTEGER, completed INTEGER NOT NULL);
    CREATE INDEX execution_regions_by_execution ON execution_regions (execution, position);

    CREATE TABLE chunks (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      execution_region INTEGER NOT NULL REFERENCES execution_regions (id),
      execution INTEGER NOT NULL REFERENCES executions (id),
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      agent TEXT, epoch INTEGER NOT NULL, iterations INTEGER, duration_secs REAL,
      first_client INTEGER NOT NULL, concurrent_clients INTEGER NOT NULL,
      running INTEGER NOT NULL, started_at INTEGER, finished_at INTEGER,
      completed INTEGER NOT NULL);
    CREATE INDEX chunks_by_execution ON chunks (execution);
    CREATE INDEX chunks_by_region ON chunks (execution_region);

    CREATE TABLE logs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      execution INTEGER NOT NULL REFERENCES executions (id),
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, logged_at INTEGER NOT NULL,
      level TEXT NOT NULL, message TEXT NOT NULL, system INTEGER NOT NULL);
    CREATE INDEX logs_by_execution ON logs (execution);

    CREATE TABLE names (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      created_at INTEGER NOT NULL, name TEXT NOT NULL UNIQUE);

    CREATE TABLE ledger (
      chunk INTEGER NOT NULL REFERENCES chunks (id), epoch INTEGER NOT NULL,
      execution INTEGER NOT NULL REFERENCES executions (id),
      execution_region INTEGER NOT NULL, agent TEXT NOT NULL, granted_at INTEGER NOT NULL,
      next_seq INTEGER NOT NULL, rows INTEGER NOT NULL, iterations INTEGER NOT NULL,
      digest INTEGER NOT NULL, recent BLOB NOT NULL, sealed INTEGER NOT NULL,
      PRIMARY KEY (chunk, epoch)) WITHOUT ROWID;
    CREATE INDEX ledger_by_execution ON ledger (execution);

    CREATE TABLE batches (
      first_result INTEGER PRIMARY KEY, last_result INTEGER NOT NULL,
      execution INTEGER NOT NULL REFERENCES executions (id),
      requests INTEGER NOT NULL, body BLOB NOT NULL);
    CREATE UNIQUE INDEX batches_by_execution ON batches (execution, last_result);

    CREATE TABLE aggregates (
      execution INTEGER NOT NULL REFERENCES executions (id), part INTEGER NOT NULL,
      body BLOB NOT NULL, UNIQUE (execution, part));
    """
}
