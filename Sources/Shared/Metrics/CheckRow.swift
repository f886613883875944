/// How one check of one client came out. Plain data of fixed size: recorded without allocation.
@frozen
public struct CheckRow: Equatable, Sendable {
  /// When it was made, microseconds since the Unix epoch, on the coordinator's clock: whole
  /// milliseconds after the end of the request that it followed, if that one is known.
  public var atMicros: Int64
  /// Global client index.
  public var client: UInt32
  public var iteration: UInt32
  /// Index into the batch's `strings`.
  public var name: UInt32
  /// Index into the batch's `requests` of the client's latest one before the check; −1 when that
  /// one came in an earlier batch, or there was none.
  public var request: Int32
  public var passed: Bool

  @inlinable
  public init(
    atMicros: Int64, client: UInt32, iteration: UInt32, name: UInt32, request: Int32 = -1,
    passed: Bool
  ) {
    self.atMicros = atMicros
    self.client = client
    self.iteration = iteration
    self.name = name
    self.request = request
    self.passed = passed
  }
}
