import CLinux
import Glibc
import Shared

/// Standard output, as commands write to it.
struct Screen {
  let isTerminal = isatty(1) == 1
  /// Whether what stands on it can be painted over.
  let canPaint: Bool
  let style: TextStyle

  init() {
    let plain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    let dumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    canPaint = isTerminal && !dumb
    style = TextStyle(isOn: canPaint && !plain)
  }

  /// Characters that fit into a line; nil when it is no terminal and lines may be long.
  var columns: Int? {
    guard isTerminal else { return nil }
    let columns = Int(throng_terminal_columns(1))
    return columns > 8 ? columns : 80
  }

  /// Lines of the terminal; as many as there may be when it does not say.
  var rows: Int {
    let rows = Int(throng_terminal_rows(1))
    return rows > 0 ? rows : .max
  }

  /// - Throws: `SystemError` when it cannot be written, a full disk for one.
  func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(1, rest.baseAddress, rest.count)
      if count > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        var entry = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
        _ = poll(&entry, 1, -1)
      case EPIPE: Self.endByPipe()
      default: throw SystemError("write to standard output")
      }
    }
  }

  func line(_ text: String) throws { try write(text + "\n") }

  func lines(_ lines: [String]) throws {
    try write(lines.map { $0 + "\n" }.joined())
  }

  /// Whoever read has enough, `head` for one: end as other tools do.
  static func endByPipe() -> Never {
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
    _exit(128 + SIGPIPE)
  }
}
