extension Migrations {
  /// Images that output files are compared with, and how the comparisons came out.
  ///
  /// Of a configuration and a name, the newest baseline that is `current` is the one to look like.
  /// Those before it stay for as long as a file shows how it differs from them.
  static let baselines = """
    UPDATE output_files SET type = lower(trim(substr(type, 1, instr(type, ';') - 1)))
      WHERE instr(type, ';') > 0;
    ALTER TABLE output_files ADD COLUMN charset TEXT NOT NULL DEFAULT '';

    CREATE TABLE baselines (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      configuration INTEGER NOT NULL REFERENCES test_configurations (id) ON DELETE CASCADE,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      name TEXT NOT NULL, type TEXT NOT NULL, charset TEXT NOT NULL, size INTEGER NOT NULL,
      current INTEGER NOT NULL, first_version INTEGER NOT NULL, file INTEGER NOT NULL);
    CREATE INDEX baselines_by_configuration ON baselines (configuration, name);

    CREATE TABLE comparisons (
      file INTEGER PRIMARY KEY REFERENCES output_files (id) ON DELETE CASCADE,
      name TEXT NOT NULL, done INTEGER NOT NULL, first_version INTEGER NOT NULL,
      percent REAL, baseline INTEGER REFERENCES baselines (id) ON DELETE SET NULL,
      problem TEXT);
    CREATE INDEX comparisons_by_baseline ON comparisons (baseline);
    CREATE INDEX comparisons_waiting ON comparisons (file) WHERE done = 0;
    """
}
