/// What a script writes into an output file, or a piece of it when it is large.
public struct FilePart: Equatable, Sendable {
  /// Number of the file, unique per (chunk, epoch).
  public var file: UInt32
  /// From 0; parts of a file come in their order.
  public var index: UInt32
  public var isLast: Bool
  public var bytes: [UInt8]
  /// The same with every part.
  public var metadata: FileMetadata

  public init(
    file: UInt32, index: UInt32, isLast: Bool, bytes: [UInt8], metadata: FileMetadata
  ) {
    self.file = file
    self.index = index
    self.isLast = isLast
    self.bytes = bytes
    self.metadata = metadata
  }
}

/// What is known of an output file beside its content.
public struct FileMetadata: Equatable, Sendable {
  /// When the script wrote it, microseconds since the Unix epoch, on the coordinator's clock.
  public var atMicros: Int64
  /// A name, never a path; see `FileName.problem`.
  public var name: String
  /// Media type without parameters, e.g. `image/png`.
  public var contentType: String
  /// How its bytes make characters, e.g. `UTF-8`; empty for what has none.
  public var charset = ""
  public var moment: ClientMoment
  /// What it has to do with, as far as the script said: a resource, a test of a suite.
  public var resource: String?
  public var suite: String?
  public var test: String?
  /// Whether it was written in an iteration in which something had failed.
  public var isOfFailure: Bool
  /// Name of the image that it is to look like; nil for a file that is only kept.
  public var compare: String?

  public init(
    atMicros: Int64, name: String, contentType: String, moment: ClientMoment,
    resource: String? = nil, suite: String? = nil, test: String? = nil, isOfFailure: Bool = false
  ) {
    self.atMicros = atMicros
    self.name = name
    self.contentType = contentType
    self.moment = moment
    self.resource = resource
    self.suite = suite
    self.test = test
    self.isOfFailure = isOfFailure
  }
}

/// The rule by which a file's name is a name and never a path.
public enum FileName {
  /// What is wrong with a name, or nil.
  public static func problem(_ name: String) -> String? {
    if name.isEmpty { return "is empty" }
    if name.utf8.count > Limits.fileNameBytesMax {
      return "has more than \(Limits.fileNameBytesMax) bytes"
    }
    if name == "." || name.contains("..") { return "must not contain '..' or be '.'" }
    if name.contains("/") || name.contains("\\") { return "must not contain '/' or '\\'" }
    // Beyond ASCII, U+0080 to U+009F and the line and paragraph separators control as well.
    for scalar in name.unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029: return "must not contain control characters"
      default: break
      }
    }
    return nil
  }
}
