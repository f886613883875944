import Shared

extension JSONWriter {
  /// - Parameter base: what URLs begin with, e.g. `http://host:8080`.
  mutating func dataStore(_ record: BaselineRecord, base: String) {
    let url = "\(base)/data-stores/\(record.id)"
    beginObject()
    identity(
      record.id.rawValue, createdAtMs: record.createdAtMs, updatedAtMs: record.updatedAtMs)
    member("name", record.name)
    member("type", record.contentType)
    member("charset", record.charset)
    member("size", record.size)
    member("url", "\(url)/download")
    member("viewUrl", "\(url)/view")
    member("thumbnailUrl", "\(url)/thumbnail")
    member("deleteUrl", url)
    member("deleteType", "DELETE")
    // Data stores of other kinds are tables; an image has no rows.
    key("rows")
    array([String]()) { $0.string($1) }
    member("firstVersion", record.isFirstVersion)
    member("testConfId", record.configuration)
    member("current", record.isCurrent)
    endObject()
  }

  /// How an output file compares with what it is to look like.
  mutating func comparison(_ record: ComparisonRecord?, _ baseline: BaselineRecord?, base: String) {
    member("expectDiff", record != nil)
    member("firstVersion", record?.isFirstVersion ?? false)
    guard let record, record.isDone else { return }
    member("diffPercent", record.percent)
    member("diffProblem", record.problem)
    if let baseline {
      key("diffDataStore")
      dataStore(baseline, base: base)
    }
  }
}
