import Foundation

/// A real httpbin as a target; it logs every request that it answers.
public final class HttpbinServer {
  /// A line of its log.
  public struct Request: Sendable, Equatable {
    public var method: String
    public var uri: String
    public var status: Int
  }

  public let port: UInt16
  public var url: String { "http://127.0.0.1:\(port)" }
  private let process: ChildProcess

  public init() throws {
    process = try ChildProcess(
      executable: try Self.python(),
      ["-u", "-m", "httpbin.core", "--host", "127.0.0.1", "--port", "0"])
    // Said once the port is bound: connections are queued from then on.
    let prefix = "Running on http://127.0.0.1:"
    let line = try process.waitForLine(containing: prefix, in: .errors)
    guard let port = line.ranges(of: prefix).first.flatMap({ UInt16(line[$0.upperBound...]) })
    else { throw TestFailure("no port in \"\(line)\"") }
    self.port = port
  }

  deinit { _ = try? process.terminate() }

  /// A Python that has httpbin: Debian's, or the first in PATH, for one from PyPI.
  private static func python() throws -> String {
    for candidate in ["/usr/bin/python3", try ChildProcess.find("python3")] {
      guard FileManager.default.isExecutableFile(atPath: candidate) else { continue }
      let probe = try ChildProcess(executable: candidate, ["-c", "import httpbin"])
      if try probe.waitForExit() == 0 { return candidate }
    }
    throw TestFailure("httpbin is not installed; deploy/test installs what tests need")
  }

  /// All requests so far. It logs a request before its answer is sent.
  public func requests() throws -> [Request] {
    try process.errors.split(separator: "\n").compactMap { line in
      // 127.0.0.1 - - [25/Nov/2026 08:35:36] "GET /get HTTP/1.1" 200 -
      let parts = line.split(separator: "\"")
      guard parts.count == 3, parts[1].contains(" HTTP/1") else { return nil }
      let words = parts[1].split(separator: " ")
      guard words.count == 3, let status = Int(parts[2].split(separator: " ").first ?? "") else {
        throw TestFailure("not a line of httpbin's log: \(line)")
      }
      return Request(method: String(words[0]), uri: String(words[1]), status: status)
    }
  }
}
