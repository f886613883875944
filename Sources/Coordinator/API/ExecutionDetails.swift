import Shared

/// An execution with all that its answer shows, as of one moment.
struct ExecutionDetails {
  struct Region {
    var record: ExecutionRegionRecord
    var region: RegionRecord?
    var chunks: [ChunkRecord]
  }

  var record: ExecutionRecord
  var regions: [Region] = []
  var script: ScriptRecord?
  var configuration: TestConfigurationRecord?
  /// Iterations that were committed, by chunk.
  private var iterations: [ChunkID: Int64] = [:]

  init(_ record: ExecutionRecord, _ includes: ExecutionIncludes, in db: Database) throws {
    self.record = record
    if includes.script { script = try ScriptStore.find(record.script, in: db) }
    if includes.up {
      configuration = try TestConfigurationStore.find(record.configuration, in: db)
    }
    guard includes.down else { return }
    let chunks = Dictionary(
      grouping: try ChunkStore.list(of: record.id, in: db), by: \.executionRegion)
    regions = try ExecutionRegionStore.list(of: record.id, in: db).map { region in
      Region(
        record: region, region: try RegionStore.find(region.region, in: db),
        chunks: chunks[region.id] ?? [])
    }
    for lease in try LedgerStore.list(of: record.id, in: db) {
      iterations[lease.lease.chunk, default: 0] += lease.cursor.iterations
    }
  }

  /// Iterations that clients of the chunk have completed.
  func iterations(of chunk: ChunkRecord) -> Int64 { iterations[chunk.id] ?? 0 }
}
