import Shared

/// The coordinator that commands ask.
final class RemoteServer {
  let address: ServerAddress
  private let client: CurlClient
  /// Set by commands that have something to do when they are interrupted.
  var interrupts: Interrupts?
  /// Seconds without a byte after which whole answers count as cut; nil for what is usual.
  var idleSecsMax: Double?
  /// Called at least every `tickMs` while an answer is waited for.
  var onTick: (() throws -> Void)?

  static let standard = "http://127.0.0.1:8080"
  /// Bytes of an answer that is read whole: far above what commands ask for.
  private static let answerBytesMax = 256 << 20

  /// - Throws: `UsageError` naming the flag that is wrong.
  init(_ options: ParsedOptions, connectTimeoutMs: Int = 10_000) throws {
    address = try ServerAddress(options.string("server") ?? Self.standard)
    client = try CurlClient(
      address: address, caFile: options.string("server-ca"),
      verifies: !options.has("server-insecure"), connectTimeoutMs: connectTimeoutMs)
  }

  /// The whole answer to a request.
  ///
  /// - Throws: `RemoteError`.
  @discardableResult
  func json(
    _ path: RemotePath, method: String = "GET", body: JSONValue? = nil
  ) throws -> JSONValue {
    try parse(bytes(path, method: method, body: body), path)
  }

  /// The same as it comes.
  func bytes(
    _ path: RemotePath, method: String = "GET", body: JSONValue? = nil
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var request = RemoteRequest(path, method: method, body: body)
    request.idleSecsMax = idleSecsMax ?? request.idleSecsMax
    try stream(request) { piece in
      bytes.append(contentsOf: piece)
      guard bytes.count <= Self.answerBytesMax else {
        throw RemoteError.failed("the answer of \(path.text) is too long")
      }
    }
    return bytes
  }

  /// Reads an answer of `path`.
  func parse(_ bytes: [UInt8], _ path: RemotePath) throws -> JSONValue {
    do {
      return try JSONValue.parse(bytes)
    } catch {
      throw RemoteError.failed(
        "\(address.shown)\(path.text) answered, but not as a coordinator does (\(error))")
    }
  }

  /// Hands the body of the answer on as it comes. Answers the status.
  ///
  /// - Throws: `RemoteError`, or what `sink` throws.
  @discardableResult
  func stream(
    _ request: RemoteRequest, _ sink: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws -> Int {
    try client.perform(request, interrupts: interrupts, onTick: onTick, sink)
  }
}
