import Foundation
import Glibc
import Shared

/// Files that `throng new` writes.
enum NewFile {
  /// Writes a file that is not there yet. The system decides that, so nobody can come between.
  ///
  /// - Throws: `UsageError` when it is there, `SystemError` naming it when it cannot be written.
  static func create(_ path: String, _ text: String) throws {
    try write(path, text, O_EXCL)
  }

  /// Writes a file, in place of one that may be there.
  ///
  /// - Throws: `SystemError` naming it.
  static func replace(_ path: String, _ text: String) throws {
    try write(path, text, O_TRUNC)
  }

  private static func write(_ path: String, _ text: String, _ flag: Int32) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flag, 0o666)
    guard descriptor >= 0 else {
      if errno == EEXIST {
        throw UsageError("\(path) is there already, and is not overwritten: take another name")
      }
      throw SystemError("write \(path)")
    }
    try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      .write(contentsOf: Data(text.utf8))
  }
}
