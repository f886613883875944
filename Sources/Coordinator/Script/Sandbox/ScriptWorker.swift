import CLinux
import Foundation
import Glibc
import Shared

/// The other side of `ScriptSandbox`: a process that does one job for a script and ends.
///
/// It reads the job from standard input, says with one newline that the script is about to begin,
/// and writes the outcome to standard output.
public enum ScriptWorker {
  /// The only argument of such a process.
  public static let argument = "--script-worker"

  /// Does not return, and leaves without a word to the engine's threads, which may be at work.
  public static func run() -> Never {
    // Whoever asked may be killed: nobody would end this then.
    throng_end_with_parent()
    // Of all that runs here, this is what the kernel should take first.
    try? "1000".write(toFile: "/proc/self/oom_score_adj", atomically: false, encoding: .utf8)
    do {
      let input = FileHandle.standardInput.readDataToEndOfFile()
      let job = try JSONDecoder().decode(ScriptJob.self, from: input)
      let outcome = ScriptEvaluation.runHere(job) { _ = Self.write(Data([10])) }
      _exit(
        Self.write(try JSONEncoder().encode(outcome)) ? ExitCode.success : ExitCode.failure)
    } catch {
      _exit(ExitCode.failure)
    }
  }

  private static func write(_ data: Data) -> Bool {
    data.withUnsafeBytes { FileDescriptor.write($0, to: STDOUT_FILENO) }
  }
}
