import Shared

/// What the requests of one resource, region and interval come to, or any sum of such.
struct RequestTotals: IntervalTotals {
  var createdAtMs: Int64 = .max
  var updatedAtMs: Int64 = 0
  var count: Int64 = 0
  var successes: Int64 = 0
  var bytesSent: Int64 = 0
  var bytesReceived: Int64 = 0
  var packetsSent: Int64 = 0
  var packetsReceived: Int64 = 0
  var dnsLookup = LatencyHistogram()
  var connectionOpen = LatencyHistogram()
  var tlsHandshake = LatencyHistogram()
  var firstReceived = LatencyHistogram()
  var connectionClose = LatencyHistogram()
  /// Keys are ids of names.
  var methods = KeyCounts()
  var contentTypes = KeyCounts()
  var statuses = KeyCounts()
  /// Keys are raw values of `ErrorReason`.
  var errors = KeyCounts()

  init() {}

  /// Adds one request. Numbers come from agents: sums saturate where they would overflow.
  mutating func add(_ row: RequestRow, method: NameID, contentType: NameID?) {
    count = count.plus(1)
    if row.success { successes = successes.plus(1) }
    bytesSent = bytesSent.plus(max(0, row.bytesSent))
    bytesReceived = bytesReceived.plus(max(0, row.bytesReceived))
    packetsSent = packetsSent.plus(Int64(row.dataPacketsSent))
    packetsReceived = packetsReceived.plus(Int64(row.dataPacketsReceived))
    Self.record(row.dnsLookupMicros, &dnsLookup)
    Self.record(row.connectionOpenMicros, &connectionOpen)
    Self.record(row.tlsHandshakeMicros, &tlsHandshake)
    Self.record(row.firstReceivedMicros, &firstReceived)
    Self.record(row.connectionCloseMicros, &connectionClose)
    methods.add(method.rawValue)
    if let contentType { contentTypes.add(contentType.rawValue) }
    if row.status != 0 { statuses.add(Int64(row.status)) }
    if row.error != .none { errors.add(Int64(row.error.rawValue)) }
  }

  /// −1 stands for "did not happen".
  @inline(__always)
  private static func record(_ micros: Int32, _ histogram: inout LatencyHistogram) {
    if micros >= 0 { histogram.record(Int64(micros)) }
  }

  mutating func merge(_ other: RequestTotals) {
    createdAtMs = min(createdAtMs, other.createdAtMs)
    updatedAtMs = max(updatedAtMs, other.updatedAtMs)
    count = count.plus(other.count)
    successes = successes.plus(other.successes)
    bytesSent = bytesSent.plus(other.bytesSent)
    bytesReceived = bytesReceived.plus(other.bytesReceived)
    packetsSent = packetsSent.plus(other.packetsSent)
    packetsReceived = packetsReceived.plus(other.packetsReceived)
    dnsLookup.merge(other.dnsLookup)
    connectionOpen.merge(other.connectionOpen)
    tlsHandshake.merge(other.tlsHandshake)
    firstReceived.merge(other.firstReceived)
    connectionClose.merge(other.connectionClose)
    methods.merge(other.methods)
    contentTypes.merge(other.contentTypes)
    statuses.merge(other.statuses)
    errors.merge(other.errors)
  }

  func encode(to writer: inout VarIntWriter) {
    for number in [
      createdAtMs, updatedAtMs, count, successes, bytesSent, bytesReceived, packetsSent,
      packetsReceived,
    ] {
      writer.signed(number)
    }
    dnsLookup.encode(to: &writer)
    connectionOpen.encode(to: &writer)
    tlsHandshake.encode(to: &writer)
    firstReceived.encode(to: &writer)
    connectionClose.encode(to: &writer)
    methods.encode(to: &writer)
    contentTypes.encode(to: &writer)
    statuses.encode(to: &writer)
    errors.encode(to: &writer)
  }

  init(from reader: inout VarIntReader) throws(VarIntError) {
    createdAtMs = try reader.signed()
    updatedAtMs = try reader.signed()
    count = try reader.signed()
    successes = try reader.signed()
    bytesSent = try reader.signed()
    bytesReceived = try reader.signed()
    packetsSent = try reader.signed()
    packetsReceived = try reader.signed()
    dnsLookup = try LatencyHistogram(from: &reader)
    connectionOpen = try LatencyHistogram(from: &reader)
    tlsHandshake = try LatencyHistogram(from: &reader)
    firstReceived = try LatencyHistogram(from: &reader)
    connectionClose = try LatencyHistogram(from: &reader)
    methods = try KeyCounts(from: &reader)
    contentTypes = try KeyCounts(from: &reader)
    statuses = try KeyCounts(from: &reader)
    errors = try KeyCounts(from: &reader)
  }
}
