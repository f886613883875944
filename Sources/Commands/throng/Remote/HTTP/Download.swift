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
    if path == "-" {
      try server.stream(request) { try screen.write($0) }
      return
    }
    let file = try NewFileBeside(path)
    try server.stream(request) { piece in
      try file.write(piece)
      count += Int64(piece.count)
    }
    try file.finish()
    bytes = count
  }

  /// `wrote report.pdf (12.3 kB)`.
  var message: String { "wrote \(path) (\(Figures.bytes(bytes)))" }
}

/// A file that is there only when it is whole.
final class NewFileBeside {
  private let path: String
  /// Where it is written; nil when the path is a device or a pipe, which has no beside.
  private var temporary: String?
  private let descriptor: FileDescriptor

  init(_ path: String) throws {
    var status = stat()
    let exists = stat(path, &status) == 0
    // What a link leads to is replaced, not the link.
    var path = path
    if exists, let real = realpath(path, nil) {
      path = String(cString: real)
      free(real)
    }
    self.path = path
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw SystemError("write \(path)", code: EISDIR)
    }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      let number = open(path, O_WRONLY | O_CLOEXEC)
      guard number >= 0 else { throw SystemError("write \(path)") }
      descriptor = FileDescriptor(owning: number)
      return
    }
    // mkstemp fills in the six places.
    var template = Array("\(path).\(String(repeating: "X", count: 6))".utf8CString)
    let number = mkstemp(&template)
    guard number >= 0 else { throw SystemError("write \(path)") }
    descriptor = FileDescriptor(owning: number)
    temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // What a plain open would have given it.
    let mask = umask(0)
    umask(mask)
    fchmod(number, exists ? status.st_mode & 0o777 : 0o666 & ~mask)
  }

  deinit { if let temporary { unlink(temporary) } }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor.number, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw SystemError("write \(path)") }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Gives it its name.
  func finish() throws {
    guard let from = temporary else { return }
    guard rename(from, path) == 0 else { throw SystemError("write \(path)") }
    temporary = nil
  }
}
