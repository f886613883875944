/// Bounds of numbers that come from outside: far above what is true, low enough that arithmetic
/// on them has room.
extension Limits {
  /// Ids, sequence numbers and counts since the beginning of something: what a JSON number
  /// carries exactly. A thousand of them add up without overflow.
  public static let wholeNumberMax: Int64 = 1 << 53 - 1
  /// Microseconds since the Unix epoch: the end of the year 2199.
  public static let timeMicrosMax: Int64 = 7_258_118_400_000_000
  /// What one row counts, and bytes of one exchange: 2⁴⁰, a tebibyte. A batch of such rows adds
  /// up to 2⁵², which JSON carries exactly.
  public static let rowCountMax: Int64 = 1 << 40
  /// Microseconds that one row may span: as long as a test.
  public static let rowMicrosMax = Int64(durationSecsMax * 1e6)
  /// Seconds that times of results may lie before the grant of their lease or ahead of the
  /// coordinator's clock: clocks of both sides may be set while a test runs, not by days.
  public static let clockSlackSecs: Int64 = 86_400
  /// Batches in a row that a run may send in vain: what a bad link garbles is right the next time.
  public static let refusedBatchesMax = 10
  /// Batches in a row of runs that an agent does not have: as many as thirty runs that were taken
  /// from it at once may have under way.
  public static let strayBatchesMax = 1_000
  /// Milliseconds of a timeout: a signed 32-bit number, which is what libcurl's fields hold.
  public static let timeoutMsMax = Int64(Int32.max)
  /// Milliseconds between heartbeats; rarer ones keep no lease alive.
  public static let heartbeatMsMax: Int64 = 3_600_000
  /// Milliseconds that a lease may last.
  public static let leaseTtlMsMax: Int64 = 86_400_000
  /// Batches that may be unacknowledged at once, whatever a coordinator says.
  public static let windowBatchesMax: Int64 = 1 << 20
}
