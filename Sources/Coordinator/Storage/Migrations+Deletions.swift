extension Migrations {
  /// Executions that are deleted and of which rows are still there. The index answers where the
  /// n-th request of an execution is without a look at the batches themselves.
  static let deletions = """
    CREATE TABLE deletions (id INTEGER PRIMARY KEY, deleted_at INTEGER NOT NULL);

    DROP INDEX batches_by_execution;
    CREATE INDEX batches_by_execution
      ON batches (execution, last_result, requests);
    """
}
