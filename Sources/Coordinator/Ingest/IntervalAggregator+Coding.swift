import Shared

extension IntervalAggregator {
  private static let format: UInt64 = 1

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
    writer.unsigned(UInt64(requests.packed.count))
    for (key, bytes) in requests.packed {
      writer.signed(key.group.region.rawValue)
      writer.signed(key.group.resource.rawValue)
      writer.signed(key.intervalStartMs)
      writer.blob(bytes)
    }
    writer.unsigned(UInt64(runs.packed.count))
    for (key, bytes) in runs.packed {
      writer.signed(key.group.rawValue)
      writer.signed(key.intervalStartMs)
      writer.blob(bytes)
    }
    writer.unsigned(UInt64(active.count))
    for (key, chunks) in active {
      writer.signed(key.region.rawValue)
      writer.signed(key.intervalStartMs)
      writer.unsigned(UInt64(chunks.count))
      for (chunk, clients) in chunks {
        writer.signed(chunk.rawValue)
        writer.unsigned(UInt64(clients))
      }
    }
    return writer.bytes
  }

  /// Reads what `encoded` wrote.
  init(decoding bytes: [UInt8]) throws(VarIntError) {
    var reader = VarIntReader(bytes)
    let format = try reader.unsigned()
    guard format == Self.format else { throw VarIntError("aggregates of unknown format \(format)") }
    self.init(execution: ExecutionID(try reader.signed()))
    for _ in 0..<(try reader.count()) {
      let name = NameID(try reader.signed())
      texts[name] = try reader.text()
    }
    for _ in 0..<(try reader.count()) {
      let region = ExecutionRegionID(try reader.signed())
      let group = ResourceGroup(region: region, resource: NameID(try reader.signed()))
      let interval = try reader.signed()
      try requests.restore(.init(group: group, intervalStartMs: interval), try reader.blob())
    }
    for _ in 0..<(try reader.count()) {
      let region = ExecutionRegionID(try reader.signed())
      let interval = try reader.signed()
      try runs.restore(.init(group: region, intervalStartMs: interval), try reader.blob())
    }
    for _ in 0..<(try reader.count()) {
      let region = ExecutionRegionID(try reader.signed())
      let key = RegionInterval(region: region, intervalStartMs: try reader.signed())
      for _ in 0..<(try reader.count()) {
        let chunk = ChunkID(try reader.signed())
        active[key, default: [:]][chunk] = Int(try reader.natural())
      }
    }
  }
}
