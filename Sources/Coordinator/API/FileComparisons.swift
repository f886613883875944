import Shared

/// How the output files of one execution compare with what they are to look like.
struct FileComparisons {
  private var records: [Int64: ComparisonRecord] = [:]
  private var baselines: [BaselineID: BaselineRecord] = [:]

  init(of execution: ExecutionID, in db: Database) throws {
    for record in try ComparisonStore.list(of: execution, in: db) { records[record.file] = record }
    guard !records.isEmpty else { return }
    for baseline in try BaselineStore.list(of: execution, in: db) {
      baselines[baseline.id] = baseline
    }
  }

  /// Nil for a file that is only kept.
  subscript(file: Int64) -> ComparisonRecord? { records[file] }

  /// What a file was compared with, or became.
  func baseline(of comparison: ComparisonRecord) -> BaselineRecord? {
    comparison.baseline.flatMap { baselines[$0] }
  }
}
