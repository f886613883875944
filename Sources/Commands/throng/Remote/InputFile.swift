import Glibc
import Shared

/// Texts that commands read: files, or standard input as `-`.
enum InputFile {
  /// - Throws: `UsageError` naming the file, and why it cannot be read.
  static func read(_ path: String) throws(UsageError) -> String {
    let bytes: [UInt8]
    do {
      bytes = try self.bytes(path)
    } catch {
      throw UsageError("\(error)", helpTells: false)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw UsageError("\(path): not UTF-8", helpTells: false)
    }
    return text
  }

  /// All of a file, a pipe or a device.
  static func bytes(_ path: String) throws(SystemError) -> [UInt8] {
    let number = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw SystemError("read \(path)") }
    let file = FileDescriptor(owning: number)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      switch buffer.withUnsafeMutableBytes({ file.read(into: $0) }) {
      case .bytes(let count): bytes += buffer[..<count]
      case .endOfFile: return bytes
      case .wouldBlock:
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        _ = poll(&entry, 1, -1)
      case .failed(let code): throw SystemError("read \(path)", code: code)
      }
    }
  }

  /// What is wrong with a text that should be JSON, with its place and an excerpt.
  static func notJSON(_ error: JSONParseError, _ text: String, _ path: String) -> UsageError {
    let before = text.utf8.prefix(error.offset)
    let line = before.reduce(1) { $0 + ($1 == 10 ? 1 : 0) }
    let start = before.lastIndex(of: 10).map { before.index(after: $0) } ?? before.startIndex
    let column = String(decoding: before[start...], as: UTF8.self).utf16.count + 1
    let excerpt = SourceExcerpt.text(of: text, line: line, column: column)
    let hint =
      path.hasSuffix(".json") ? "" : "\nA file of JavaScript has a name that ends with .js."
    return UsageError(
      "\(path):\(line):\(column): not JSON: \(error.message)"
        + (excerpt.isEmpty ? "" : "\n\(excerpt)") + hint, helpTells: false)
  }
}
