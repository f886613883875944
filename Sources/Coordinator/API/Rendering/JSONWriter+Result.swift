import Shared

/// Raw results as the API shows them.
extension JSONWriter {
  /// - Parameter region: name of its region.
  mutating func result(_ result: StoredResult, of execution: ExecutionID, region: String) {
    let row = result.request
    beginObject()
    identity(
      result.id, createdAtMs: result.committedAtMs, updatedAtMs: result.committedAtMs)
    member("executionId", execution)
    member("executionRegionId", result.executionRegion)
    member("chunkId", result.chunk)
    member("connectionId", result.connectionID)
    member("agentId", result.agent)
    member(
      "threadId",
      "\(RowName.threadPrefix(execution, region: region))\(result.request.client)")
    member("timestamp", ISOTime.text(micros: row.startedAtMicros))
    member("client", Int64(row.client))
    member("iteration", Int64(row.iteration))
    member("overlap", false)
    key("resource")
    resource(result.resource)
    key("metrics")
    beginArray()
    timing(.dnsLookupMs, row.dnsLookupMicros)
    timing(.connectionOpenMs, row.connectionOpenMicros)
    timing(.tlsHandshakeMs, row.tlsHandshakeMicros)
    timing(.firstReceivedMs, row.firstReceivedMicros)
    entry(.httpMethod, result.method)
    counter(.dataPacketsSent, Int64(row.dataPacketsSent))
    counter(.dataPacketsReceived, Int64(row.dataPacketsReceived))
    if row.status > 0 { entry(.httpResponseCode, String(row.status)) }
    if let type = result.contentType { entry(.httpContentType, type) }
    if row.error != .none { entry(.errorReason, row.error.name) }
    counter(row.success ? .success : .failure, 1)
    timing(.connectionCloseMs, row.connectionCloseMicros)
    counter(.bytesSent, row.bytesSent)
    counter(.bytesReceived, row.bytesReceived)
    counter(.bandwidth, result.bandwidth)
    endArray()
    endObject()
  }

  private mutating func timing(_ definition: MetricDefinition, _ micros: Int32) {
    // What did not happen has no time.
    guard micros >= 0 else { return }
    begin(definition)
    key("metricValue")
    milliseconds(micros: Int64(micros))
    end(definition)
  }

  private mutating func counter(_ definition: MetricDefinition, _ value: Int64) {
    begin(definition)
    member("metricValue", value)
    end(definition)
  }

  private mutating func entry(_ definition: MetricDefinition, _ name: String) {
    begin(definition)
    member("metricKey", name)
    member("metricValue", Int64(1))
    end(definition)
  }

  private mutating func begin(_ definition: MetricDefinition) {
    beginObject()
    member("metricDef", definition.name)
    member("metricType", definition.type.rawValue)
  }

  private mutating func end(_ definition: MetricDefinition) {
    member("metricUnits", definition.units)
    endObject()
  }
}

extension StoredResult {
  var connectionID: String {
    "\(RowName.connectionPrefix(chunk, epoch))\(request.connection)"
  }

  /// Bytes sent and received together.
  var bandwidth: Int64 { request.bandwidth }
}

extension RequestRow {
  /// Bytes sent and received together.
  var bandwidth: Int64 {
    let (sum, overflow) = bytesSent.addingReportingOverflow(bytesReceived)
    return overflow ? .max : sum
  }
}
