import Shared
import XCTest

/// What type a member of an answer has.
indirect enum Shape: Sendable {
  case string, number, boolean
  /// A time as ISO-8601 in UTC with milliseconds.
  case time
  /// At least these members.
  case object([String: Shape])
  /// At least one element, all of this shape.
  case array(Shape)
  /// Any members, all of this shape.
  case map(Shape)

  /// Everything in which `value` differs from the shape.
  func differences(_ value: JSONValue, at path: String = "$") -> [String] {
    switch (self, value) {
    case (.string, .string), (.number, .int), (.number, .double), (.boolean, .bool): return []
    case (.time, .string(let text)):
      let template = "0000-00-00T00:00:00.000Z"
      let digits = text.map { $0.isNumber ? "0" : $0 }
      return String(digits) == template ? [] : ["\(path): '\(text)' is no time"]
    case (.object(let members), .object(let object)):
      return members.flatMap { name, shape in
        object[name].map { shape.differences($0, at: "\(path).\(name)") }
          ?? ["\(path).\(name) is missing"]
      }
    case (.array(let shape), .array(let elements)):
      if elements.isEmpty { return ["\(path) is empty"] }
      return elements.enumerated().flatMap { shape.differences($1, at: "\(path)[\($0)]") }
    case (.map(let shape), .object(let object)):
      return object.members.flatMap { shape.differences($0.value, at: "\(path).\($0.key)") }
    default: return ["\(path) is \(value.kindName)"]
    }
  }
}

/// The members that answers have at least, with their types.
enum Shapes {
  private static let identity: [String: Shape] = [
    "id": .number, "createdAt": .time, "updatedAt": .time,
  ]

  private static func with(_ members: [String: Shape]) -> Shape {
    .object(members.merging(identity) { first, _ in first })
  }

  static let region = with([
    "name": .string, "public": .boolean, "latitude": .number, "longitude": .number,
    "description": .string, "active": .boolean,
  ])

  static let script = with([
    "name": .string, "length": .number, "hasInit": .boolean, "hasTeardown": .boolean,
    "scriptType": .string,
  ])

  static let chunk = with([
    "executionType": .string, "agent": .string, "running": .boolean, "completed": .boolean,
    "iterations": .number, "iterationSleepSecs": .number, "rampupSecs": .number,
    "concurrentClients": .number, "actualConcurrentClients": .number,
    "completedDurationSecs": .number, "completedIterations": .number,
  ])

  private static let summaryMembers: [String: Shape] = [
    "executionId": .number, "intervalStart": .number, "iterationsExecuted": .number,
    "count": .number, "concurrentClients": .number, "actualConcurrentClients": .number,
    "maxConcurrentClients": .number,
    "metrics": .array(.object(["metricDef": .string, "metricType": .string])),
  ]

  static let summary = with(summaryMembers)
  static let regionSummary = with(
    summaryMembers.merging(["executionRegionId": .number]) { first, _ in first })
  static let resourceSummary = with(
    summaryMembers.merging(["resourceId": .number]) { first, _ in first })

  static let resource = with(["resource": .string])

  private static func execution(_ more: [String: Shape], region: [String: Shape]) -> Shape {
    let part = with(
      [
        "running": .boolean, "completed": .boolean, "concurrentClients": .number,
        "actualConcurrentClients": .number, "expectedResultCount": .number,
        "region": Self.region,
      ].merging(region) { first, _ in first })
    return with(
      [
        "running": .boolean, "allocated": .boolean, "cancelledByUser": .boolean,
        "completed": .boolean, "summaryCalculated": .boolean, "limitBreached": .boolean,
        "iterations": .number, "iterationSleepSecs": .number, "rampupSecs": .number,
        "regions": .array(part), "concurrentClients": .number,
        "actualConcurrentClients": .number, "expectedResultCount": .number,
        "scriptParams": .string, "script": script,
      ].merging(more) { first, _ in first })
  }

  static let newExecution = execution([:], region: [:])
  static let finishedExecution = execution(
    ["startedAt": .time, "finishedAt": .time, "summary": summary],
    region: ["startedAt": .time, "summary": regionSummary, "chunks": .array(chunk)])

  static let timing = Shape.object([
    "namespace": .string, "metricDef": .string, "metricType": .string, "metricUnits": .string,
    "metricValueMap": .object([
      "count": .number, "mean": .number, "min": .number, "max": .number, "sum": .number,
      "var": .number, "sd": .number, "p50": .number, "p90": .number, "p95": .number,
      "p99": .number, "p999": .number,
    ]),
  ])

  static let logs = Shape.object([
    "size": .number,
    "logs": .array(
      with([
        "level": .string, "msg": .string, "length": .number, "isSystem": .boolean,
        "loggedAt": .time,
      ])),
  ])

  static let result = with([
    "executionId": .number, "executionRegionId": .number, "chunkId": .number,
    "connectionId": .string, "agentId": .string, "threadId": .string, "timestamp": .time,
    "client": .number, "iteration": .number, "overlap": .boolean, "resource": resource,
    "metrics": .array(
      .object(["metricDef": .string, "metricType": .string, "metricValue": .number])),
  ])

  private static let traceMembers: [String: Shape] = [
    "length": .number, "traceAt": .time, "status": .string, "regionId": .number,
    "resource": .string,
  ]
  static let trace = with(traceMembers)
  static let wholeTrace = with(
    traceMembers.merging([
      "result": result,
      "packets": .array(
        with([
          "length": .number, "packetType": .string, "dataLength": .number, "packetAt": .time,
          "lastPacketAt": .time,
        ])),
    ]) { first, _ in first })

  static let outputFile = with([
    "capturedAt": .time, "name": .string, "type": .string, "charset": .string, "size": .number,
    "url": .string, "viewUrl": .string, "executionId": .number, "executionRegionId": .number,
    "regionId": .number, "locationId": .number, "chunkId": .number, "chunkIndex": .number,
    "concurrentClientIndex": .number, "globalConcurrentClientIndex": .number,
    "regionalConcurrentClientIndex": .number, "iteration": .number, "threadId": .string,
    "iterationId": .string, "isImage": .boolean, "isRelatedToFailure": .boolean,
    "expectDiff": .boolean, "firstVersion": .boolean,
  ])

  /// A file that was compared with how it looked before.
  static let comparedFile: Shape = .object([
    "thumbnailUrl": .string, "diffPercent": .number, "diffDataStore": dataStore,
  ])

  static let dataStore = with([
    "name": .string, "type": .string, "charset": .string, "size": .number, "url": .string,
    "viewUrl": .string, "thumbnailUrl": .string, "deleteUrl": .string, "deleteType": .string,
    "firstVersion": .boolean,
  ])

  static let problem = Shape.object([
    "type": .string, "title": .string, "status": .number, "detail": .string,
  ])
}

func assertShape(
  _ value: JSONValue, _ shape: Shape, file: StaticString = #filePath, line: UInt = #line
) {
  XCTAssertEqual(shape.differences(value), [], file: file, line: line)
}
