import Shared

extension JSONWriter {
  /// What is known of an output file.
  ///
  /// - Parameter base: what URLs begin with, e.g. `http://host:8080`.
  mutating func outputFile(
    _ file: OutputFileRecord, _ origins: RunOrigins, _ comparisons: FileComparisons, base: String
  ) {
    let metadata = file.metadata
    let client = Int(metadata.moment.client)
    beginObject()
    identity(file.id, createdAtMs: file.createdAtMs, updatedAtMs: file.updatedAtMs)
    member("capturedAt", ISOTime.text(micros: metadata.atMicros))
    member("name", metadata.name)
    member("type", metadata.contentType)
    member("charset", metadata.charset)
    member("size", file.size)
    member("url", "\(base)/output-files/\(file.id)/download")
    member("viewUrl", "\(base)/output-files/\(file.id)/view")
    if file.size > 0, ImageReader.reads(metadata.contentType) {
      member("thumbnailUrl", "\(base)/output-files/\(file.id)/thumbnail")
    }
    member("executionId", file.execution)
    member("executionRegionId", file.executionRegion)
    let region = origins.regions[file.executionRegion]
    if let region {
      member("regionId", region.region)
      member("locationId", region.region)
    }
    member("chunkId", file.chunk)
    member("chunkIndex", origins.places[file.chunk])
    member("concurrentClientIndex", origins.chunks[file.chunk].map { client - $0.firstClient })
    member("globalConcurrentClientIndex", client)
    member("regionalConcurrentClientIndex", region.map { client - $0.firstClient })
    member("iteration", Int64(metadata.moment.iteration))
    member("resource", metadata.resource)
    member("suite", metadata.suite)
    member("test", metadata.test)
    member("suiteTestResultId", file.suiteResultID.map { Int($0) })
    let thread = origins.thread(file.executionRegion, metadata.moment.client)
    member("threadId", thread)
    member("iterationId", "\(thread):\(metadata.moment.iteration)")
    member("isImage", metadata.contentType.hasPrefix("image/"))
    let comparison = comparisons[file.id]
    self.comparison(comparison, comparison.flatMap(comparisons.baseline), base: base)
    member("isRelatedToFailure", metadata.isOfFailure)
    if let agent = origins.agentNumber(file.chunk, file.epoch) { member("agentId", agent) }
    endObject()
  }
}
