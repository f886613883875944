/// A `Code` script as agents get it: compiled at upload, so that they need no parser.
public struct CodePayload: Codable, Sendable, Equatable {
  /// What errors call it.
  public var fileName: String
  /// Body of a function of `module`, `exports` and `require`, line for line as written.
  public var source: String
  /// What the author wrote, for excerpts; nil when it is the same.
  public var original: String?
  /// Line, column and length of each text that compiling inserted, in `source`.
  public var insertions: [[Int]]
  /// What `open()` finds, by name.
  public var files: [String: [UInt8]]
  /// Whether it behaves as in k6: cookies last for an iteration.
  public var isK6: Bool
  /// What scripts can know of their settings, as a JSON object: `options` as exported, the
  /// scenario's name, executor, `env` and `tags`, `submetrics` that thresholds ask for, `batch`
  /// and `batchPerHost`.
  public var settings: String
  /// Names of the functions that it exports.
  public var exports: [String]

  public init(
    fileName: String, source: String, original: String? = nil, insertions: [[Int]] = [],
    files: [String: [UInt8]] = [:], isK6: Bool = false, settings: String = "{}",
    exports: [String] = ["default"]
  ) {
    self.fileName = fileName
    self.source = source
    self.original = original
    self.insertions = insertions
    self.files = files
    self.isK6 = isK6
    self.settings = settings
    self.exports = exports
  }
}
