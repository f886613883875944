import Foundation
import Glibc
import Shared
import Synchronization

/// Has scripts looked at by processes of their own. The engine ends a script that takes too long
/// or too much, but cannot do so within one call of a built-in function: a process can be ended
/// whatever it is at, and its memory goes with it.
public struct ScriptSandbox: Sendable {
  /// How much a job may take.
  struct Bounds: Sendable {
    /// Milliseconds for all of it. The engine's own bound comes first where it can: it says where
    /// the script was.
    var totalMs = Limits.scriptTimeoutMs * 3 / 2
    /// Bytes by which the process may grow once the script begins.
    var growthBytes = Limits.scriptGrowthBytesMax
  }

  /// The program that is started for a job; its `main` hands `ScriptWorker.argument` on.
  private let program: String
  private let bounds: Bounds

  init(program: String, bounds: Bounds = Bounds()) {
    self.program = program
    self.bounds = bounds
  }

  private static let chosen = Mutex<ScriptSandbox?>(nil)

  /// The one that this process uses; nil for none: scripts are looked at in this process then.
  static var current: ScriptSandbox? { chosen.withLock { $0 } }

  /// From now on processes of this program look at scripts; for programs whose `main` calls
  /// `ScriptWorker.run` when it is asked to.
  public static func use() {
    // The link stands for this very program, even after it was replaced on the disk.
    chosen.withLock { $0 = ScriptSandbox(program: "/proc/self/exe") }
  }

  func run(_ job: ScriptJob) -> ScriptOutcome {
    do {
      let input = try JSONEncoder().encode(job)
      let worker = try WorkerProcess(program, [ScriptWorker.argument], input: [UInt8](input))
      let ending = worker.wait(
        ms: bounds.totalMs, growthBytes: bounds.growthBytes,
        // Before the script begins, what it was given is read.
        bytesBefore: bounds.growthBytes + Int64(input.count) * 8)
      switch ending {
      case .output(let bytes):
        if let outcome = try? JSONDecoder().decode(ScriptOutcome.self, from: Data(bytes)) {
          return outcome
        }
        return Self.failed(job, "could not be looked at: the process for it has failed")
      case .overdue: return Self.failed(job, stopped(.time))
      case .tooLarge: return Self.failed(job, stopped(.memory))
      }
    } catch {
      Logger("scripts").error("cannot start a process for a script", ["error": "\(error)"])
      return Self.failed(job, "could not be looked at: \(error)")
    }
  }

  private func stopped(_ stop: JavaScriptEngine.Stop) -> String {
    stop.description(.init(growthBytes: bounds.growthBytes))
  }

  private static func failed(_ job: ScriptJob, _ reason: String) -> ScriptOutcome {
    .failed(ScriptError(file: job.fileName, problems: [.init(reason)], isException: true))
  }
}
