/// How the values of a metric are put together.
public enum MetricType: String, Sendable, CaseIterable {
  /// A sum.
  case counter = "Counter"
  /// A distribution of durations.
  case timing = "Timing"
  /// Counts by key.
  case histogram = "Histogram"
  /// A distribution of readings of a level, such as memory in use.
  case metered = "Metered"
}

/// A metric: what it is called, how it adds up and what it is counted in.
public struct MetricDefinition: Sendable, Hashable {
  public var namespace: String
  public var name: String
  public var type: MetricType
  /// `ms`, `bytes`, `requests`, `packets`, …; nil for counts by key.
  public var units: String?

  public init(
    namespace: String = MetricDefinition.systemNamespace, name: String, type: MetricType,
    units: String?
  ) {
    self.namespace = namespace
    self.name = name
    self.type = type
    self.units = units
  }

  /// Namespace of the metrics that every request has.
  public static let systemNamespace = "Testable"
}

extension MetricDefinition {
  private static func timing(_ name: String) -> Self {
    Self(name: name, type: .timing, units: "ms")
  }
  private static func counter(_ name: String, _ units: String) -> Self {
    Self(name: name, type: .counter, units: units)
  }
  private static func histogram(_ name: String) -> Self {
    Self(name: name, type: .histogram, units: nil)
  }

  // Timings of a request, each from its start.
  public static let dnsLookupMs = timing("dnsLookupMs")
  public static let connectionOpenMs = timing("connectionOpenMs")
  public static let tlsHandshakeMs = timing("tlsHandshakeMs")
  public static let firstReceivedMs = timing("firstReceivedMs")
  public static let connectionCloseMs = timing("connectionCloseMs")

  public static let bytesSent = counter("bytesSent", "bytes")
  public static let bytesReceived = counter("bytesReceived", "bytes")
  /// Bytes sent and received together.
  public static let bandwidth = counter("bandwidth", "bytes")
  public static let dataPacketsSent = counter("dataPacketsSent", "packets")
  public static let dataPacketsReceived = counter("dataPacketsReceived", "packets")
  public static let success = counter("success", "requests")
  public static let failure = counter("failure", "requests")

  public static let httpMethod = histogram("httpMethod")
  public static let httpResponseCode = histogram("httpResponseCode")
  public static let httpContentType = histogram("httpContentType")
  public static let errorReason = histogram("errorReason")

  /// From the start of an iteration to its end, sleep after it left out.
  public static let iterationDurationMs = timing("iterationDurationMs")
  /// The same from when the iteration was to begin, of loads with an arrival rate: what a user
  /// who comes at that time waits, however long it takes until a client is free.
  public static let iterationIntendedDurationMs = timing("iterationIntendedDurationMs")
  /// Iterations that an arrival rate asked for and that no client was free to run.
  public static let droppedIterations = counter("droppedIterations", "iterations")

  // Of an agent.
  public static let tickLatencyMs = timing("tickLatencyMs")
  /// In per cent of one core.
  public static let cpu = Self(name: "cpu", type: .metered, units: "percent")
  /// Resident bytes of the process.
  public static let memory = Self(name: "memory", type: .metered, units: "bytes")

  /// All metrics of `systemNamespace`, in the order in which they are shown.
  public static let all: [MetricDefinition] = [
    httpResponseCode, httpMethod, httpContentType, errorReason, dnsLookupMs, connectionOpenMs,
    tlsHandshakeMs, firstReceivedMs, connectionCloseMs, bytesSent, bytesReceived, bandwidth,
    dataPacketsSent, dataPacketsReceived, success, failure, iterationDurationMs,
    iterationIntendedDurationMs, droppedIterations, tickLatencyMs, cpu, memory,
  ]
}
