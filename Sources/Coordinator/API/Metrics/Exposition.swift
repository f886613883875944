/// Writes metrics as text for Prometheus and whoever reads the same.
struct Exposition {
  enum Format: Sendable {
    /// The Prometheus text format, version 0.0.4.
    case prometheus
    /// OpenMetrics 1.0.
    case openMetrics

    var contentType: String {
      switch self {
      case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
      case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
      }
    }

    /// What an `Accept` header prefers; Prometheus' own format unless the other is named.
    init(accept: String?) {
      var weights: [Format: Double] = [:]
      for part in (accept ?? "").lowercased().split(separator: ",") {
        let words = part.filter { $0 != " " && $0 != "\t" }.split(separator: ";")
        let format: Format? =
          switch words.first {
          case "application/openmetrics-text": .openMetrics
          case "text/plain", "text/*", "*/*": .prometheus
          default: nil
          }
        guard let format else { continue }
        let quality = words.dropFirst().first { $0.hasPrefix("q=") }
        let weight = quality.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
        weights[format] = max(weight, weights[format] ?? 0)
      }
      let open = weights[.openMetrics] ?? 0
      self = open > 0 && open >= weights[.prometheus] ?? 0 ? .openMetrics : .prometheus
    }
  }

  /// Names and values of a sample's labels.
  typealias Labels = [(name: String, value: String)]

  let format: Format
  private var text = ""

  init(_ format: Format) { self.format = format }

  /// All of it, to be called last.
  var bytes: [UInt8] { Array(text.utf8) + (format == .openMetrics ? Array("# EOF\n".utf8) : []) }

  /// - Parameter name: as it is shown, ending with `_info`.
  mutating func info(_ name: String, _ help: String, _ labels: Labels) {
    // OpenMetrics names a family without the ending that its kind gives.
    let family = format == .openMetrics ? String(name.dropLast("_info".count)) : name
    begin(family, format == .openMetrics ? "info" : "gauge", help)
    sample(name, labels, "1")
  }

  mutating func gauge(_ name: String, _ help: String, _ value: Double) {
    gauges(name, help, [([], value)])
  }

  mutating func gauges(_ name: String, _ help: String, _ samples: [(Labels, Double)]) {
    begin(name, "gauge", help)
    for (labels, value) in samples { sample(name, labels, Self.number(value)) }
  }

  mutating func counter(_ name: String, _ help: String, _ value: Double) {
    counters(name, help, [([], value)])
  }

  /// - Parameter name: as it is shown, ending with `_total`.
  mutating func counters(_ name: String, _ help: String, _ samples: [(Labels, Double)]) {
    let family = format == .openMetrics ? String(name.dropLast("_total".count)) : name
    begin(family, "counter", help)
    for (labels, value) in samples { sample(name, labels, Self.number(value)) }
  }

  mutating func histograms(
    _ name: String, _ help: String, _ samples: [(Labels, DurationCounts)]
  ) {
    begin(name, "histogram", help)
    for (labels, durations) in samples {
      var count: Int64 = 0
      for (index, classCount) in durations.counts.enumerated() {
        count += classCount
        let bound =
          index < durations.bounds.count ? Self.bound(durations.bounds[index], format) : "+Inf"
        sample("\(name)_bucket", labels + [(name: "le", value: bound)], String(count))
      }
      sample("\(name)_sum", labels, Self.number(durations.sum))
      sample("\(name)_count", labels, String(count))
    }
  }

  private mutating func begin(_ family: String, _ type: String, _ help: String) {
    text += "# HELP \(family) \(Self.escaped(help, quotes: false))\n# TYPE \(family) \(type)\n"
  }

  private mutating func sample(_ name: String, _ labels: Labels, _ value: String) {
    text += name
    if !labels.isEmpty {
      let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
      text += "{\(pairs.joined(separator: ","))}"
    }
    text += " \(value)\n"
  }

  private static func number(_ value: Double) -> String {
    Int64(exactly: value).map { String($0) } ?? "\(value)"
  }

  private static func bound(_ value: Double, _ format: Format) -> String {
    format == .openMetrics ? "\(value)" : number(value)
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
