import CLinux
import Foundation
import Glibc
import Shared

/// Another agent that runs has this state directory.
public struct StateDirectoryInUse: Error, Sendable, CustomStringConvertible {
  public var path: String
  public var description: String { "another agent uses the state directory \(path)" }
}

/// Who this agent is, kept in its state directory so that it is the same after a restart.
final class AgentIdentity: Sendable {
  let agentId: String
  let spoolId: String
  /// Counts process starts.
  let bootNo: Int64
  /// Held locked while the process lives: two agents in one directory would be one to everybody.
  private let lock: FileDescriptor

  /// - Throws: `SystemError` naming the path, or `StateDirectoryInUse`.
  init(directory: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw SystemError("make the state directory \(directory)", code: EACCES)
    }
    let number = open("\(directory)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw SystemError("open \(directory)/lock") }
    lock = FileDescriptor(owning: number)
    guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
      throw StateDirectoryInUse(path: directory)
    }
    agentId = try Self.identifier(in: "\(directory)/agent-id")
    spoolId = try Self.identifier(in: "\(directory)/spool-id")
    let counter = "\(directory)/boot-no"
    // What is no count, or one that no agent reaches, counts as none.
    let before = Self.read(counter).flatMap { Int64($0) } ?? 0
    bootNo = (0..<Limits.wholeNumberMax).contains(before) ? before + 1 : 1
    try Self.write("\(bootNo)", to: counter)
  }

  private static func identifier(in path: String) throws -> String {
    if let text = read(path), UUID(uuidString: text) != nil {
      // An older version left it to the umask.
      _ = chmod(path, 0o600)
      return text
    }
    let fresh = UUID().uuidString.lowercased()
    try write(fresh, to: path)
    return fresh
  }

  private static func read(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).flatMap { String(data: $0, encoding: .utf8) }?
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Replaces a file in one step, readable by its owner alone.
  private static func write(_ text: String, to path: String) throws {
    let temporary = "\(path).new"
    let number = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw SystemError("write \(path)") }
    let file = FileDescriptor(owning: number)
    let bytes = Array((text + "\n").utf8)
    guard Glibc.write(file.number, bytes, bytes.count) == bytes.count, fsync(file.number) == 0,
      rename(temporary, path) == 0
    else { throw SystemError("write \(path)") }
  }
}
