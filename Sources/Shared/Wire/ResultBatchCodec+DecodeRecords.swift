import Foundation

/// Reading the tables of what scripts said.
extension BatchDecoder {
  /// Reads the table of this name; false when there is none of it.
  mutating func readRecords(
    _ name: String, _ scanner: inout LineScanner
  ) throws(Failure) -> Bool {
    switch name {
    case "texts":
      try scanner.elements { (scanner) throws(Failure) in texts.append(try scanner.string()) }
    case "logs": try readLogs(&scanner)
    case "suites": try readSuites(&scanner)
    case "metrics": try readObjects(&scanner, into: \.metrics, Self.metric)
    case "files": try readObjects(&scanner, into: \.files, Self.file)
    case "traces": try readObjects(&scanner, into: \.traces, Self.trace)
    case "values": try readObjects(&scanner, into: \.values, Self.value)
    default: return false
    }
    return true
  }

  private mutating func readLogs(_ scanner: inout LineScanner) throws(Failure) {
    var rows: [LogColumns] = []
    try readTable(&scanner, &rows, LogColumns()) { (rows, name, values) in
      switch name {
      case "at": fit(&rows, values) { $0.atMicros = $1 }
      case "level": fit(&rows, values) { $0.level = $1 }
      case "message": fit(&rows, values) { $0.message = $1 }
      case "client": fit(&rows, values) { $0.client = $1 }
      case "iteration": fit(&rows, values) { $0.iteration = $1 }
      default: true
      }
    }
    for columns in rows {
      guard let row = columns.row(texts) else { throw scanner.fail("a log entry is no entry") }
      batch.records.logs.append(row)
    }
  }

  private mutating func readSuites(_ scanner: inout LineScanner) throws(Failure) {
    var rows: [SuiteColumns] = []
    try readTable(&scanner, &rows, SuiteColumns()) { (rows, name, values) in
      switch name {
      case "at": fit(&rows, values) { $0.atMicros = $1 }
      case "duration": fit(&rows, values) { $0.durationMicros = $1 }
      case "suite": fit(&rows, values) { $0.suite = $1 }
      case "test": fit(&rows, values) { $0.test = $1 }
      case "passed": fit(&rows, values) { (row, value: UInt8) in row.passed = value == 1 }
      case "message": fit(&rows, values) { $0.message = $1 }
      case "stack": fit(&rows, values) { $0.stack = $1 }
      case "client": fit(&rows, values) { $0.client = $1 }
      case "iteration": fit(&rows, values) { $0.iteration = $1 }
      case "connection": fit(&rows, values) { $0.connection = $1 }
      default: true
      }
    }
    for columns in rows {
      guard let row = columns.row(texts) else {
        throw scanner.fail("a suite result is no result")
      }
      batch.records.suiteResults.append(row)
    }
  }

  private mutating func readObjects<Row>(
    _ scanner: inout LineScanner, into table: WritableKeyPath<RunRecords, [Row]>,
    _ read: (inout LineScanner) throws(Failure) -> Row
  ) throws(Failure) {
    try scanner.elements { (scanner) throws(Failure) in
      guard batch.records[keyPath: table].count < Limits.batchRowsMax else {
        throw scanner.fail("more than \(Limits.batchRowsMax) rows")
      }
      batch.records[keyPath: table].append(try read(&scanner))
    }
  }

  private static func metric(_ scanner: inout LineScanner) throws(Failure) -> MetricDelta {
    var definition = MetricDefinition(namespace: "", name: "", type: .counter, units: nil)
    var row = MetricDelta(definition: definition, intervalStartMs: 0, totals: MetricTotals())
    var reader = TotalsReader()
    var type: MetricType?
    try scanner.members { (scanner, name) throws(Failure) in
      switch name {
      case "ns": definition.namespace = try scanner.text(max: 1_024)
      case "name": definition.name = try scanner.text(max: 1_024)
      case "type": type = MetricType(rawValue: try scanner.text(max: 32))
      case "units": definition.units = try scanner.text(max: 1_024)
      case "resource": row.resource = try scanner.text(max: Limits.recordBytesMax)
      case "interval": row.intervalStartMs = try scanner.integer()
      default: try reader.read(name, &scanner)
      }
    }
    guard let type else { throw scanner.fail("unknown type of a metric") }
    guard definition.namespace != MetricDefinition.systemNamespace else {
      throw scanner.fail("a custom metric of a reserved namespace")
    }
    definition.type = type
    guard let totals = reader.totals(of: type) else {
      throw scanner.fail("values of a metric do not add up")
    }
    row.definition = definition
    row.totals = totals
    return row
  }

  private static func file(_ scanner: inout LineScanner) throws(Failure) -> FilePart {
    let moment = ClientMoment(client: 0, iteration: 0)
    var data = FileMetadata(atMicros: 0, name: "", contentType: "", moment: moment)
    var part = FilePart(file: 0, index: 0, isLast: false, bytes: [], metadata: data)
    try scanner.members { (scanner, name) throws(Failure) in
      switch name {
      case "file": part.file = try scanner.number()
      case "part": part.index = try scanner.number()
      case "last": part.isLast = try scanner.integer() == 1
      case "at": data.atMicros = try scanner.integer()
      case "name": data.name = try scanner.text(max: Limits.fileNameBytesMax)
      case "type": data.contentType = try scanner.text(max: 255)
      case "charset": data.charset = try scanner.text(max: 40)
      case "client": data.moment.client = try scanner.number()
      case "iteration": data.moment.iteration = try scanner.number()
      case "resource": data.resource = try scanner.text(max: Limits.recordBytesMax)
      case "suite": data.suite = try scanner.text(max: Limits.suiteNameBytesMax)
      case "test": data.test = try scanner.text(max: Limits.suiteNameBytesMax)
      case "failure": data.isOfFailure = try scanner.integer() == 1
      case "compare": data.compare = try scanner.text(max: Limits.fileNameBytesMax)
      case "data": part.bytes = try scanner.base64(bytesMax: Limits.filePartBytesMax)
      default: try scanner.skipValue()
      }
    }
    if let problem = FileName.problem(data.name) ?? data.compare.flatMap(FileName.problem) {
      throw scanner.fail("the name of a file \(problem)")
    }
    if !data.charset.isEmpty, !MediaType.isCharset(data.charset) {
      throw scanner.fail("the charset of a file is none")
    }
    part.metadata = data
    return part
  }

  private static func trace(_ scanner: inout LineScanner) throws(Failure) -> TraceRow {
    var row = TraceRow(
      request: RequestRow(), resource: "", method: "", contentType: nil, url: "", length: 0,
      packets: "[]")
    try scanner.members { (scanner, name) throws(Failure) in
      switch name {
      case "resource": row.resource = try scanner.text(max: Limits.recordBytesMax)
      case "method": row.method = try scanner.text(max: Limits.recordBytesMax)
      case "contentType": row.contentType = try scanner.text(max: Limits.recordBytesMax)
      case "url": row.url = try scanner.text(max: Limits.recordBytesMax)
      case "length": row.length = try scanner.integer()
      case "packets": row.packets = try scanner.text(max: Limits.traceBytesMax)
      default: try request(name, &scanner, &row.request)
      }
    }
    return row
  }

  private static func request(
    _ name: String, _ scanner: inout LineScanner, _ row: inout RequestRow
  ) throws(Failure) {
    switch name {
    case "at": row.startedAtMicros = try scanner.integer()
    case "client": row.client = try scanner.number()
    case "iteration": row.iteration = try scanner.number()
    case "connection": row.connection = try scanner.number()
    case "dns": row.dnsLookupMicros = try scanner.number()
    case "open": row.connectionOpenMicros = try scanner.number()
    case "tls": row.tlsHandshakeMicros = try scanner.number()
    case "first": row.firstReceivedMicros = try scanner.number()
    case "close": row.connectionCloseMicros = try scanner.number()
    case "sent": row.bytesSent = try scanner.integer()
    case "received": row.bytesReceived = try scanner.integer()
    case "packetsSent": row.dataPacketsSent = try scanner.number()
    case "packetsReceived": row.dataPacketsReceived = try scanner.number()
    case "status": row.status = try scanner.number()
    case "error": row.error = ErrorReason(rawValue: try scanner.number()) ?? .other
    case "success": row.success = try scanner.integer() == 1
    default: try scanner.skipValue()
    }
  }

  private static func value(_ scanner: inout LineScanner) throws(Failure) -> ValueRow {
    var row = ValueRow(name: "", json: "")
    try scanner.members { (scanner, name) throws(Failure) in
      switch name {
      case "name": row.name = try scanner.text(max: Limits.valueNameBytesMax)
      case "json": row.json = try scanner.text(max: Limits.valueBytesMax)
      default: try scanner.skipValue()
      }
    }
    return row
  }
}

/// The state of reading the values of a metric.
private struct TotalsReader {
  typealias Failure = LineScanner.Failure

  private var keys: [String: Int64] = [:]
  private var count: Int64 = 0
  private var sum = 0.0
  private var min = 0.0
  private var max = 0.0
  private var deviations = 0.0
  private var last: Double?
  private var lastAtMicros: Int64 = 0
  private var thousandths = LatencyHistogram()

  mutating func read(_ name: String, _ scanner: inout LineScanner) throws(Failure) {
    switch name {
    case "keys":
      var found: [String: Int64] = [:]
      try scanner.members { (scanner, key) throws(Failure) in
        guard found.count <= Limits.metricKeysMax else { throw scanner.fail("too many keys") }
        found[key] = try scanner.integer()
      }
      keys = found
    case "count": count = try scanner.integer()
    case "sum": sum = try scanner.double()
    case "min": min = try scanner.double()
    case "max": max = try scanner.double()
    case "deviations": deviations = try scanner.double()
    case "last": last = try scanner.double()
    case "lastAt": lastAtMicros = try scanner.integer()
    case "histogram":
      var reader = VarIntReader(try scanner.base64(bytesMax: Limits.filePartBytesMax))
      do { thousandths = try LatencyHistogram(from: &reader) } catch {
        throw scanner.fail(error.message)
      }
    default: try scanner.skipValue()
    }
  }

  /// Nil when the numbers contradict each other or the type.
  func totals(of type: MetricType) -> MetricTotals? {
    guard keys.isEmpty || type == .histogram, keys.values.allSatisfy({ $0 > 0 }) else {
      return nil
    }
    let reading = last.map { ValueDistribution.Reading(value: $0, atMicros: lastAtMicros) }
    let values = ValueDistribution(
      count: count, sum: sum, min: min, max: max, squaredDeviations: deviations,
      thousandths: thousandths, last: reading)
    return values.map { MetricTotals(keys: keys, values: $0) }
  }
}

extension LineScanner {
  /// A whole number that fits its type.
  fileprivate mutating func number<Value: FixedWidthInteger>() throws(Failure) -> Value {
    guard let value = Value(exactly: try integer()) else { throw fail("number out of range") }
    return value
  }

  fileprivate mutating func text(max: Int) throws(Failure) -> String {
    let text = try string()
    guard text.utf8.count <= max else { throw fail("text of more than \(max) bytes") }
    return text
  }

  fileprivate mutating func base64(bytesMax: Int) throws(Failure) -> [UInt8] {
    guard let data = Data(base64Encoded: try string()), data.count <= bytesMax else {
      throw fail("no base64 of at most \(bytesMax) bytes")
    }
    return Array(data)
  }
}
