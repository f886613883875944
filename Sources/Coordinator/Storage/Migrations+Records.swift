extension Migrations {
  /// What scripts say beside their requests. None of it is in the packed batches of results.
  static let records = """
    ALTER TABLE logs ADD COLUMN client INTEGER;
    ALTER TABLE logs ADD COLUMN iteration INTEGER;

    CREATE TABLE suite_results (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      execution INTEGER NOT NULL REFERENCES executions (id),
      execution_region INTEGER NOT NULL, chunk INTEGER NOT NULL, epoch INTEGER NOT NULL,
      created_at INTEGER NOT NULL, started_at INTEGER NOT NULL, duration INTEGER NOT NULL,
      suite INTEGER NOT NULL, test INTEGER NOT NULL, passed INTEGER NOT NULL,
      message TEXT, stack TEXT, client INTEGER NOT NULL, iteration INTEGER NOT NULL,
      connection INTEGER);
    CREATE INDEX suite_results_by_execution ON suite_results (execution);
    CREATE INDEX suite_results_by_client ON suite_results (execution, client, iteration);

    CREATE TABLE output_files (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      execution INTEGER NOT NULL REFERENCES executions (id),
      execution_region INTEGER NOT NULL, chunk INTEGER NOT NULL, epoch INTEGER NOT NULL,
      file INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      captured_at INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
      size INTEGER NOT NULL, parts INTEGER NOT NULL, complete INTEGER NOT NULL,
      client INTEGER NOT NULL, iteration INTEGER NOT NULL,
      resource TEXT, suite TEXT, test TEXT, failure INTEGER NOT NULL,
      UNIQUE (chunk, epoch, file));
    CREATE INDEX output_files_by_execution ON output_files (execution);

    CREATE TABLE traces (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      execution INTEGER NOT NULL REFERENCES executions (id),
      execution_region INTEGER NOT NULL, chunk INTEGER NOT NULL, epoch INTEGER NOT NULL,
      created_at INTEGER NOT NULL, near_result INTEGER NOT NULL,
      resource INTEGER NOT NULL, method TEXT NOT NULL, content_type TEXT, url TEXT NOT NULL,
      length INTEGER NOT NULL, request BLOB NOT NULL, packets BLOB NOT NULL);
    CREATE INDEX traces_by_execution ON traces (execution);

    CREATE TABLE run_values (
      execution INTEGER NOT NULL REFERENCES executions (id), name TEXT NOT NULL,
      created_at INTEGER NOT NULL, json TEXT NOT NULL,
      PRIMARY KEY (execution, name)) WITHOUT ROWID;

    CREATE TABLE metric_deltas (
      id INTEGER PRIMARY KEY,
      execution INTEGER NOT NULL REFERENCES executions (id),
      execution_region INTEGER NOT NULL, created_at INTEGER NOT NULL, body BLOB NOT NULL);
    CREATE INDEX metric_deltas_by_execution ON metric_deltas (execution);
    """
}
