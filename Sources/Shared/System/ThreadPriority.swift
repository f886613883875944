import Glibc

/// How much of a busy machine a thread gets.
public enum ThreadPriority {
  /// Steps that `yieldToOthers` goes down: as far as there are. Against a thread of usual priority
  /// it leaves the 70th part of a core, so that what it does still ends (sched(7), the weight falls
  /// by a fifth a step); half as many steps cost ingest a seventh of its speed.
  public static let yieldingSteps: Int32 = 19

  /// Lets threads of usual priority go first from now on. For the thread that calls, and for good:
  /// only the superuser may raise a priority again. It must not hold locks that others wait for.
  ///
  /// - Returns: false when the kernel refused, which changes nothing.
  @discardableResult
  public static func yieldToOthers() -> Bool {
    // On Linux 0 stands for the calling thread (setpriority(2), "C library/kernel differences").
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, yieldingSteps) == 0
  }

  /// The steps that the calling thread has gone down, 0 for the usual priority.
  public static var steps: Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
}
