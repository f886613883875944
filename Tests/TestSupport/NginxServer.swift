import Foundation

/// A real nginx as a target; its access log is the truth about what was requested.
///
/// Paths: `/`, `/json`, `/stocks/SYMBOL`, `/gzip`, `/redirect`, `/redirect-307`,
/// `/redirect-loop`, `/cookie`, `/cookie-echo`, `/slow` (about 2 s), `/slower` (about 6 s),
/// `/large` (1 MiB), `/bytes/COUNT` for `bodySizes`, `/status/CODE`; everything else is 404.
public final class NginxServer {
  public let port: UInt16
  /// HTTPS and HTTP/2, with a certificate for `localhost` and 127.0.0.1 under a CA of its own.
  public let tlsPort: UInt16
  /// HTTP/2 without TLS, by prior knowledge.
  public let h2cPort: UInt16
  /// The PEM file of the CA.
  public var caFile: String { directory.file("ca.pem") }
  public var url: String { "http://127.0.0.1:\(port)" }
  public var tlsURL: String { "https://localhost:\(tlsPort)" }

  /// Sizes of bodies around those of TLS records, of HTTP/2's frames and of read buffers.
  public static let bodySizes = [
    1, 4_095, 4_096, 4_097, 8_191, 8_192, 9_000, 12_289, 16_383, 16_384, 16_385, 20_011, 23_456,
    32_767, 32_768, 32_769, 40_001, 49_152, 55_555, 65_535, 65_536,
  ]

  private let directory: TemporaryDirectory
  private let process: ChildProcess
  private var stopped = false

  public init() throws {
    let directory = try TemporaryDirectory()
    self.directory = directory
    try Certificate.make(in: directory)
    try FileManager.default.createDirectory(
      atPath: directory.file("www"), withIntermediateDirectories: false)
    let line = "The quick brown fox jumps over the lazy dog, again and again.\n"
    try directory.write("www/text", String(repeating: line, count: 128))
    try directory.write("www/slow", String(repeating: "s", count: 20_000))
    try directory.write("www/slower", String(repeating: "s", count: 60_000))
    try FileManager.default.createDirectory(
      atPath: directory.file("www/bytes"), withIntermediateDirectories: false)
    for size in Self.bodySizes {
      try directory.write("www/bytes/\(size)", String(repeating: "b", count: size))
    }
    try directory.write("www/large", String(repeating: "l", count: 1 << 20))
    var attempt = 1
    while true {
      let ports = try FreePort.take(3)
      do {
        process = try Self.start(ports, in: directory)
        (port, tlsPort, h2cPort) = (ports[0], ports[1], ports[2])
        return
      } catch {
        // Between finding a port and nginx's bind, somebody else may have taken it.
        guard attempt < 5 else { throw error }
        attempt += 1
      }
    }
  }

  private static func start(
    _ ports: [UInt16], in directory: TemporaryDirectory
  ) throws -> ChildProcess {
    let configuration = NginxConfiguration.text(
      directory: directory.path, port: ports[0], tlsPort: ports[1], h2cPort: ports[2])
    let file = try directory.write("nginx.conf", configuration)
    let process = try ChildProcess(
      executable: try ChildProcess.find("nginx"),
      ["-p", directory.path, "-e", "stderr", "-c", file])
    // Said once the ports are bound: connections are queued from then on.
    try process.waitForLine(containing: "start worker process ", in: .errors, seconds: 10)
    return process
  }

  deinit { try? stop() }

  /// The master and its worker, for pinning them to a core.
  public func processIdentifiers() throws -> [Int32] {
    let master = process.processIdentifier
    let children = try String(
      contentsOfFile: "/proc/\(master)/task/\(master)/children", encoding: .utf8)
    return [master] + children.split(separator: " ").compactMap { Int32($0) }
  }

  /// Lets running requests end, then ends nginx: the log is complete afterwards.
  public func stop() throws {
    guard !stopped else { return }
    stopped = true
    process.send(signal: SIGQUIT)
    do {
      try process.waitForExit(seconds: 10)
    } catch {
      // A client that never reads its answer would hold it for ever.
      try process.terminate(seconds: 5)
    }
  }

  /// Lines that its log has by now.
  public func requestsSoFar() throws -> Int {
    try directory.read("access.log").utf8.count { $0 == UInt8(ascii: "\n") }
  }

  /// Ends nginx and reads its whole log.
  public func accessLog() throws -> [AccessLogEntry] {
    try stop()
    return try directory.read("access.log").split(separator: "\n").map(AccessLogEntry.init)
  }
}

/// A line of nginx's access log.
public struct AccessLogEntry: Sendable, Equatable {
  /// When the response was finished, seconds since the Unix epoch.
  public var time: Double
  /// Number of the connection, and of the request on it from 1.
  public var connection: Int
  public var connectionRequests: Int
  public var method: String
  public var uri: String
  public var status: Int
  /// Bytes of the response with its head.
  public var bytesSent: Int
  /// Bytes of the request with its head and body.
  public var requestLength: Int
  public var host: String
  public var protocolName: String
  public var userAgent: String
  public var cookie: String
  /// When the request began, seconds since the Unix epoch; to a millisecond.
  public var startTime: Double

  static let format =
    "$msec\\t$connection\\t$connection_requests\\t$request_method\\t$request_uri\\t$status"
    + "\\t$bytes_sent\\t$request_length\\t$http_host\\t$server_protocol\\t$http_user_agent"
    + "\\t$http_cookie\\t$request_time"

  init(line: Substring) throws {
    let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard cells.count == 13, let time = Double(cells[0]), let connection = Int(cells[1]),
      let connectionRequests = Int(cells[2]), let status = Int(cells[5]),
      let bytesSent = Int(cells[6]), let requestLength = Int(cells[7]),
      let duration = Double(cells[12])
    else { throw TestFailure("not a line of the access log: \(line)") }
    self.time = time
    self.connection = connection
    self.connectionRequests = connectionRequests
    method = cells[3]
    uri = cells[4]
    self.status = status
    self.bytesSent = bytesSent
    self.requestLength = requestLength
    host = cells[8]
    protocolName = cells[9]
    userAgent = cells[10]
    cookie = cells[11]
    startTime = time - duration
  }
}
