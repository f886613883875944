import Foundation
import TestSupport
import XCTest

/// What a script's `handleSummary` may return.
final class OwnSummaryTests: XCTestCase {
  func test_hugeSummary_isRefused_andTheRestStands() throws {
    let nginx = try NginxServer()
    let directory = try TemporaryDirectory()
    for returned in [
      // Strings that are put together take no memory before they are looked at.
      "let text = ''; for (let i = 0; i < 600; i += 1) text += part; return { stdout: text };",
      "return { 'a.json': new Array(600).fill(part) };",
      "return { 'a.json': { toJSON: () => new Array(600).fill({ part }) } };",
      "return Object.fromEntries(new Array(600).fill(0).map((_, i) => [`f${i}`, part]));",
      "return { 'a.bin': new ArrayBuffer(200000000) };",
      "return { stdout: part, x: part.repeat(100) };",
    ] {
      let file = try directory.write(
        "load.js",
        """
        import http from 'k6/http';
        export default function () { http.get('\(nginx.url)/'); }
        export function handleSummary() { const part = 'x'.repeat(1000000); \(returned) }
        """)
      let run = try ChildProcess(
        product: "throng", ["run", file, "-i", "1", "-q"], directory: directory.path)
      XCTAssertEqual(try run.waitForExit(), 0, run.errors)
      XCTAssertTrue(
        run.errors.contains("handleSummary: RangeError: returns more than 16 MiB"),
        "\(returned): \(run.errors)")
      // Our own summary is shown instead.
      XCTAssertTrue(run.output.contains("http_reqs"), run.output)
    }
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: directory.path), ["load.js"])
  }
}
