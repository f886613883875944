import Glibc
import Shared

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

  /// Finds out early whether such a file can be written; leaves nothing.
  static func probe(_ path: String) throws {
    var status = stat()
    let exists = stat(path, &status) == 0
    guard exists, ![S_IFDIR, S_IFREG].contains(status.st_mode & S_IFMT) else {
      _ = try NewFileBeside(path)
      return
    }
    // Whoever reads a pipe would take its being opened and closed for the end.
    guard access(path, W_OK) == 0 else { throw SystemError("write \(path)") }
  }

  deinit { if let temporary { unlink(temporary) } }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    guard FileDescriptor.write(bytes, to: descriptor.number) else {
      throw SystemError("write \(path)")
    }
  }

  /// Gives it its name.
  func finish() throws {
    guard let from = temporary else { return }
    guard rename(from, path) == 0 else { throw SystemError("write \(path)") }
    temporary = nil
  }
}
