import Shared

/// Raw results as CSV: one row per result, one column per metric.
enum ResultsCSV {
  private static let columns = [
    "id", "timestamp", "executionId", "executionRegionId", "region", "chunkId", "agentId",
    "threadId", "connectionId", "client", "iteration", "overlap", "resourceId", "resource",
    "dnsLookupMs", "connectionOpenMs", "tlsHandshakeMs", "firstReceivedMs", "connectionCloseMs",
    "bytesSent", "bytesReceived", "bandwidth", "dataPacketsSent", "dataPacketsReceived",
    "success", "failure", "httpMethod", "httpResponseCode", "httpContentType", "errorReason",
  ]

  /// The row of names.
  static var header: [UInt8] {
    var csv = CSVWriter()
    for column in columns { csv.text(column) }
    csv.endRow()
    return csv.bytes
  }

  /// - Parameter region: name of the region that the result comes from.
  static func write(
    _ result: StoredResult, of execution: ExecutionID, region: String, to csv: inout CSVWriter
  ) {
    let row = result.request
    csv.int(result.id)
    csv.text(ISOTime.text(micros: row.startedAtMicros))
    csv.int(execution.rawValue)
    csv.int(result.executionRegion.rawValue)
    csv.text(region)
    csv.int(result.chunk.rawValue)
    csv.text(result.agent)
    csv.text(result.threadID(execution))
    csv.text(result.connectionID)
    csv.int(Int64(row.client))
    csv.int(Int64(row.iteration))
    csv.text("false")
    csv.int(result.resource.id.rawValue)
    csv.text(result.resource.name)
    for micros in [
      row.dnsLookupMicros, row.connectionOpenMicros, row.tlsHandshakeMicros,
      row.firstReceivedMicros, row.connectionCloseMicros,
    ] {
      // What did not happen has no time.
      if micros < 0 { csv.empty() } else { csv.milliseconds(micros: Int64(micros)) }
    }
    csv.int(row.bytesSent)
    csv.int(row.bytesReceived)
    csv.int(result.bandwidth)
    csv.int(Int64(row.dataPacketsSent))
    csv.int(Int64(row.dataPacketsReceived))
    csv.int(row.success ? 1 : 0)
    csv.int(row.success ? 0 : 1)
    csv.text(result.method)
    if row.status == 0 { csv.empty() } else { csv.int(Int64(row.status)) }
    if let type = result.contentType { csv.text(type) } else { csv.empty() }
    if row.error == .none { csv.empty() } else { csv.text(row.error.name) }
    csv.endRow()
  }
}
