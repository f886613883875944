import Shared

extension IntervalAggregator {
  /// Since the second there are custom metrics, since the third the times of checks.
  private static let format: UInt64 = 3

  /// Everything as bytes, for the store.
  func encoded() -> [UInt8] {
    var whole = self
    whole.packAll()
    return whole.encodedPacked()
  }

  private func encodedPacked() -> [UInt8] {
    var writer = VarIntWriter()
    writer.unsigned(Self.format)
    writer.signed(execution.rawValue)
    writer.unsigned(UInt64(texts.count))
    for (name, text) in texts {
      writer.signed(name.rawValue)
      writer.text(text)
    }
    let requestsPacked = requests.allPacked
    writer.unsigned(UInt64(requestsPacked.count))
    for (key, bytes) in requestsPacked {
      writer.signed(key.group.region.rawValue)
      writer.signed(key.group.resource.rawValue)
      writer.signed(key.intervalStartMs)
      writer.blob(bytes)
    }
    let runsPacked = runs.allPacked
    writer.unsigned(UInt64(runsPacked.count))
    for (key, bytes) in runsPacked {
      writer.signed(key.group.rawValue)
      writer.signed(key.intervalStartMs)
      writer.blob(bytes)
    }
    encodeActive(to: &writer)
    encodeCustom(to: &writer)
    encodeChecks(to: &writer)
    return writer.bytes
  }

  private func encodeActive(to writer: inout VarIntWriter) {
    writer.unsigned(UInt64(active.count))
    for (interval, places) in active {
      writer.signed(interval)
      writer.unsigned(UInt64(places.count))
      for (place, clients) in places {
        writer.signed(place.region.rawValue)
        writer.signed(place.chunk.rawValue)
        writer.unsigned(UInt64(clamping: clients))
      }
    }
  }

  /// Reads what `encoded` wrote.
  init(decoding bytes: [UInt8]) throws(VarIntError) {
    var reader = VarIntReader(bytes)
    let format = try reader.unsigned()
    guard (1...Self.format).contains(format) else {
      throw VarIntError("aggregates of unknown format \(format)")
    }
    self.init(execution: ExecutionID(try reader.signed()))
    for _ in 0..<(try reader.count()) {
      let name = NameID(try reader.signed())
      texts[name] = try reader.text()
    }
    for _ in 0..<(try reader.count()) {
      let region = ExecutionRegionID(try reader.signed())
      let group = ResourceGroup(region: region, resource: NameID(try reader.signed()))
      let interval = try reader.signed()
      let key = IntervalTable<ResourceGroup, RequestTotals>.Key(
        group: group, intervalStartMs: interval)
      touch(interval, atMs: try requests.restore(key, try reader.blob()))
    }
    for _ in 0..<(try reader.count()) {
      let region = ExecutionRegionID(try reader.signed())
      let interval = try reader.signed()
      let key = IntervalTable<ExecutionRegionID, RunTotals>.Key(
        group: region, intervalStartMs: interval)
      touch(interval, atMs: try runs.restore(key, try reader.blob()))
    }
    for _ in 0..<(try reader.count()) {
      let interval = try reader.signed()
      for _ in 0..<(try reader.count()) {
        let region = ExecutionRegionID(try reader.signed())
        let place = Place(region: region, chunk: ChunkID(try reader.signed()))
        active[interval, default: [:]][place] = Int(try reader.natural())
      }
    }
    if format >= 2 { try decodeCustom(from: &reader) }
    if format >= 3 { try decodeChecks(from: &reader) }
  }
}
