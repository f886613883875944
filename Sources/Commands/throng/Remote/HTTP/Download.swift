import Glibc
import Shared

/// Writes an answer to a file: to a temporary one beside it, which takes its name when it is
/// whole. `-` stands for standard output.
struct Download {
  let path: String
  /// Bytes that were written.
  private(set) var bytes: Int64 = 0

  init(to path: String) { self.path = path }

  /// - Throws: `RemoteError`, or `SystemError` naming the file; nothing is left of it then.
  mutating func fetch(_ request: RemoteRequest, from server: RemoteServer, _ screen: Screen) throws
  {
    var count: Int64 = 0
    let file = path == "-" ? nil : try NewFileBeside(path)
    var filter = screen.isTerminal ? TerminalFilter(.lines) : nil
    let status = try server.stream(request) { piece in
      if let file {
        try file.write(piece)
      } else if let text = filter?.take(piece) {
        try screen.write(text)
      } else {
        try screen.write(piece)
      }
      count += Int64(piece.count)
    }
    if file == nil, let rest = filter?.end() { try screen.write(rest) }
    guard status == 200 else {
      throw RemoteError.failed("the server answered with status \(status) and nothing to write")
    }
    try file?.finish()
    bytes = count
  }

  /// `wrote report.pdf (12.3 kB)`.
  var message: String { "wrote \(path) (\(Figures.bytes(bytes)))" }
}
