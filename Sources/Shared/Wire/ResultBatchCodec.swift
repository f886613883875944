/// Reads and writes `results` lines without Codable: they are the hot path of the link.
///
/// ```
/// {"type":"results","chunk":7,"epoch":1,"seq":3,"count":2,"crc32c":2774,
///  "strings":["GET http://…",…],
///  "requests":{"count":2,"at":{"d":[1700000000000000,1250]},"client":[0,1],"tls":-1,…},
///  "iterations":{…},"checks":{…},"samples":{…},
///  "assertions":{"count":2,"name":1,"passed":1,"request":1,"client":0,"iteration":0,"at":0},
///  "texts":["slow","Login","answers"],"logs":{"count":1,"at":{"d":[…]},"message":0,…},
///  "suites":{"count":1,"suite":1,"test":2,"passed":1,…},
///  "metrics":[{"ns":"User","name":"logins","type":"Counter","interval":…,"count":2,"sum":2}],
///  "files":[{"file":0,"part":0,"last":1,"name":"a.txt","data":"base64",…}],"traces":[…],
///  "values":[{"name":"setup","json":"{}"}]}
/// ```
///
/// A column is a number when all its values are equal, `{"d":[…]}` when each value but the first
/// stands as the difference to the one before, and a plain array otherwise. `crc32c` covers the
/// bytes from the comma after it to the end of the line, so that a damaged line is never counted.
public enum ResultBatchCodec {
  /// A line that is no whole batch.
  public struct DecodingFailure: Error, Equatable, Sendable {
    public var message: String
    /// What could still be read of the batch's name, for the answer.
    public var key: BatchKey?

    public init(message: String, key: BatchKey? = nil) {
      self.message = message
      self.key = key
    }
  }

  public struct Decoded: Sendable {
    public var key: BatchKey
    public var crc: UInt32
    public var batch: ResultBatch
  }

  /// How every line of this type begins when it comes from our own encoder.
  public static let prefix = Array(#"{"type":"results","#.utf8)

  /// Whether a line is for `decode`: a cheap look that spares other lines.
  public static func isResults(_ line: [UInt8]) -> Bool { line.starts(with: prefix) }

  /// Which batch a line says it is, found without decoding the rest of it; nil for a line that is
  /// no batch. A line that names another one further on does not decode.
  public static func key(of line: [UInt8]) -> BatchKey? {
    if let key = leadingKey(of: line) { return key }
    do throws(DecodingFailure) {
      return try decode(line).key
    } catch {
      return error.key
    }
  }

  /// The batch that a line of our own encoder begins with.
  static func leadingKey(of line: [UInt8]) -> BatchKey? {
    var rest = line[...]
    func take(_ text: String) -> Bool {
      guard rest.starts(with: text.utf8) else { return false }
      rest = rest.dropFirst(text.utf8.count)
      return true
    }
    func number() -> Int? {
      let digits = rest.prefix { 48...57 ~= $0 }
      rest = rest.dropFirst(digits.count)
      return Int(String(decoding: digits, as: UTF8.self))
    }
    guard take(#"{"type":"results","chunk":"#), let chunk = number(), take(#","epoch":"#),
      let epoch = number(), take(#","seq":"#), let seq = number(), take(",")
    else { return nil }
    return BatchKey(chunk: ChunkID(Int64(chunk)), epoch: epoch, seq: seq)
  }
}
