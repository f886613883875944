import CLinux
import Glibc
import Foundation
import Shared

/// A child process that gets its input at once, and is watched while it makes its output.
final class WorkerProcess {
  enum Ending: Equatable {
    /// All that came after the first line; the process has ended.
    case output([UInt8])
    case overdue
    case tooLarge
  }

  /// Bytes of output; more is nothing that a worker of ours says.
  private static let outputBytesMax = 256 << 20
  /// Milliseconds between two looks at how large it is: what grows by gigabytes in a second has
  /// grown by ten megabytes by then.
  private static let lookMs: Int32 = 5

  private let pid: pid_t
  private let output: FileDescriptor
  private var hasEnded = false

  /// - Throws: `SystemError`.
  init(_ program: String, _ arguments: [String], input: [UInt8]) throws {
    let file = throng_memory_file()
    guard file >= 0 else { throw SystemError("make a file in memory") }
    let source = FileDescriptor(owning: file)
    try Self.fill(source, with: input)
    var ends: [Int32] = [0, 0]
    guard throng_pipe(&ends) == 0 else { throw SystemError("make a pipe") }
    output = FileDescriptor(owning: ends[0])
    let target = FileDescriptor(owning: ends[1])
    pid = try Self.spawn(
      program, arguments, input: source.number, output: target.number)
  }

  deinit { end() }

  private static func fill(_ file: FileDescriptor, with bytes: [UInt8]) throws {
    guard bytes.withUnsafeBytes({ FileDescriptor.write($0, to: file.number) }) else {
      throw SystemError("write a file in memory")
    }
    lseek(file.number, 0, SEEK_SET)
  }

  private static func spawn(
    _ program: String, _ arguments: [String], input: Int32, output: Int32
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, program, &actions, nil, words, variables)
    guard code == 0 else { throw SystemError("start \(program)", code: code) }
    return pid
  }

  /// Reads what it says until it ends, and ends it where it takes too much.
  ///
  /// - Parameters:
  ///   - growthBytes: by how much it may grow after its first line.
  ///   - bytesBefore: how large it may be before that.
  func wait(ms: Int, growthBytes: Int64, bytesBefore: Int64) -> Ending {
    let deadline = Clock.monotonicNanos() + Int64(ms) * 1_000_000
    var received: [UInt8] = []
    var bytesMax = bytesBefore
    var isReady = false
    while true {
      switch next() {
      case .bytes(let bytes):
        received += bytes
        if !isReady, received.first == 10 {
          isReady = true
          bytesMax = ProcessMemory.residentBytes(of: pid) + growthBytes
        }
        if received.count > Self.outputBytesMax { return ended(.tooLarge) }
      case .nothing: break
      case .end: return ended(.output(Array(received.dropFirst())))
      }
      if ProcessMemory.residentBytes(of: pid) > bytesMax { return ended(.tooLarge) }
      if Clock.monotonicNanos() > deadline { return ended(.overdue) }
    }
  }

  private enum Piece { case bytes([UInt8]), nothing, end }

  private func next() -> Piece {
    var entry = pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, Self.lookMs) > 0 else { return .nothing }
    var bytes: [UInt8] = []
    var result = TransferResult.wouldBlock
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      result = output.read(into: buffer)
      if case .bytes(let count) = result { bytes = Array(buffer[..<count]) }
    }
    switch result {
    case .bytes: return .bytes(bytes)
    case .wouldBlock: return .nothing
    case .endOfFile, .failed: return .end
    }
  }

  private func ended(_ ending: Ending) -> Ending {
    end()
    return ending
  }

  /// Nothing is left of it afterwards.
  private func end() {
    guard !hasEnded else { return }
    hasEnded = true
    kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
  }
}
