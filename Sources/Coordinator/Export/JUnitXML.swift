import Shared

/// A report as JUnit's XML, as Jenkins and GitLab read it.
enum JUnitXML {
  /// The document in pieces, one per suite.
  static func pieces(_ report: JUnitReport) -> () -> [UInt8]? {
    var xml = XMLWriter()
    var suites = report.suites[...]
    var isBegun = false
    var isEnded = false
    return {
      if !isBegun {
        isBegun = true
        begin(report, &xml)
        return xml.take()
      }
      if let suite = suites.popFirst() {
        write(suite, &xml)
        return xml.take()
      }
      guard !isEnded else { return nil }
      isEnded = true
      xml.end()
      return xml.take()
    }
  }

  private static func begin(_ report: JUnitReport, _ xml: inout XMLWriter) {
    let suites = report.suites
    xml.declaration()
    xml.begin(
      "testsuites",
      [
        ("name", "execution \(report.execution.id)"),
        ("tests", "\(suites.reduce(0) { $0 + $1.cases.count })"),
        ("failures", "\(suites.reduce(0) { $0 + $1.failures })"),
        ("errors", "\(suites.reduce(0) { $0 + $1.errors })"),
        ("skipped", "\(suites.reduce(0) { $0 + $1.skipped })"),
        ("time", seconds(suites.reduce(0) { $0 + $1.seconds })),
      ])
  }

  private static func write(_ suite: JUnitReport.Suite, _ xml: inout XMLWriter) {
    xml.begin(
      "testsuite",
      [
        ("name", suite.name), ("tests", "\(suite.cases.count)"),
        ("failures", "\(suite.failures)"), ("errors", "\(suite.errors)"),
        ("skipped", "\(suite.skipped)"), ("time", seconds(suite.seconds)),
        ("timestamp", suite.startedAtMs.map(timestamp)),
      ])
    if !suite.properties.isEmpty {
      xml.begin("properties")
      for (name, value) in suite.properties {
        xml.element("property", [("name", name), ("value", value)])
      }
      xml.end()
    }
    for test in suite.cases { write(test, of: suite.name, &xml) }
    xml.end()
  }

  private static func write(
    _ test: JUnitReport.Case, of suite: String, _ xml: inout XMLWriter
  ) {
    let attributes = [
      ("name", test.name), ("classname", suite), ("time", seconds(test.seconds)),
    ]
    if test.outcome == .passed, test.output == nil { return xml.element("testcase", attributes) }
    xml.begin("testcase", attributes)
    switch test.outcome {
    case .passed: break
    case .failed(let message, let details):
      xml.element("failure", [("message", message), ("type", "failed")], text: details)
    case .error(let message):
      xml.element("error", [("message", message), ("type", "failed")], text: message)
    case .skipped(let message): xml.element("skipped", [("message", message)])
    }
    if let output = test.output { xml.element("system-out", text: output) }
    xml.end()
  }

  private static func seconds(_ value: Double) -> String { LimitNumber.text(value, places: 3) }

  /// Without fraction and zone, which by custom stands for UTC: some readers take nothing else.
  private static func timestamp(_ millis: Int64) -> String {
    String(ISOTime.text(millis: millis).prefix(19))
  }
}
