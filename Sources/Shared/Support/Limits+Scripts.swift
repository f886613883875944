/// Bounds of what one script may take from the others of an agent.
extension Limits {
  /// Milliseconds that the search for a regular expression of a Steps script may take, about: it
  /// holds its thread, and searches of bodies take about one.
  public static let regexMillisMax = 100
  /// Bytes that a search may take to remember where it could have gone on (ICU's own default).
  public static let regexStackBytesMax = 8 << 20
  /// Bytes of a text that is searched: it is in memory once more for that, twice as large.
  public static let regexTextBytesMax = 16 << 20
  /// Nanoseconds that an engine thread may take longer than twice what a script may hold it,
  /// before it counts as stuck: garbage collections and compilations take seconds at most.
  public static let engineSlackNanos: Int64 = 10_000_000_000
  /// Nanoseconds after that before the process ends itself where no service manager does it.
  public static let engineHungNanos: Int64 = 60_000_000_000
  /// Nanoseconds between two looks at the memory of an agent: in between scripts take about
  /// 100 MB a thread. A look takes five microseconds.
  public static let memoryLookNanos: Int64 = 100_000_000
  /// Nanoseconds between two lines in logs that say the same of an agent's memory.
  public static let memoryTellNanos: Int64 = 30_000_000_000
  /// Nanoseconds between two garbage collections of an agent that is short of memory.
  public static let memoryCollectNanos: Int64 = 5_000_000_000
}
