import Foundation
import Shared
import TestSupport
import XCTest

/// Downloads of traces and files, compared with what a real target saw and said.
final class ArchiveTests: XCTestCase {
  private static let body = "{\"größe\":[1,2,3],\"key\":\"s3cret!\"}"
  private static let head =
    "HTTP/1.1 201 Made it\r\nContent-Type: application/json\r\nLocation: /made/1\r\n"
    + "Set-Cookie: sid=abcdef; Path=/; Max-Age=60\r\nSet-Cookie: theme=dark\r\n"
    + "Content-Length: \(body.utf8.count)\r\n\r\n"

  /// Answers every request the same and remembers the bytes that came.
  ///
  /// `@unchecked Sendable`: `bytes` is guarded by `lock`.
  private final class Target: @unchecked Sendable {
    private let lock = NSLock()
    private var bytes: [[UInt8]] = []
    private var server: RawServer?

    init() throws {
      server = try RawServer { [weak self] stream in
        // A request is small enough to come in one piece on loopback.
        while let request = try stream.read() {
          self?.lock.withLock { self?.bytes.append(request) }
          try stream.write(ArchiveTests.head + ArchiveTests.body)
        }
      }
    }

    var port: UInt16 { server?.port ?? 0 }
    var requests: [[UInt8]] { lock.withLock { bytes } }
  }

  private func download(_ path: String, _ cluster: Cluster) throws -> [UInt8] {
    let response = try cluster.http.get(path)
    XCTAssertEqual(response.status, 200, response.text)
    XCTAssertTrue(response.headers["content-disposition"]?.hasPrefix("attachment") ?? false, path)
    return response.body
  }

  private func value(_ name: String, _ list: JSONValue?) -> String? {
    list?.arrayValue?.first { $0["name"]?.stringValue == name }?["value"]?.stringValue
  }

  func test_traces_inArchives_areWhatTheTargetSawAndSaid() throws {
    let target = try Target()
    let cluster = try Cluster()
    let url = "http://127.0.0.1:\(target.port)"
    let execution = try cluster.start(
      steps: """
        {"request":{"method":"POST","url":"\(url)/buy?k=${params.key}&n=1","name":"buy",
          "body":{"k":"${params.key}"},"headers":{"Cookie":"a=1; token=${params.key}"}}},
        {"request":{"url":"\(url)/look"}}
        """, regions: [("eu-west", 1)],
      #""iterations":1,"tracing":{"all":true},"secrets":["key"],"scriptParams":{"key":"s3cret!"}"#)
    try execution.waitUntilCompleted()
    let har = try download("/executions/\(execution.id)/results.har", cluster)
    let entries = try HARReader(har).entries
    XCTAssertEqual(entries.count, 2)
    XCTAssertEqual(target.requests.count, 2)
    let separator = Array("\r\n\r\n".utf8)
    for (entry, bytes) in zip(entries, target.requests) {
      let head = try XCTUnwrap(bytes.firstRange(of: separator)).upperBound
      let request = entry["request"]
      XCTAssertEqual(request?["headersSize"]?.intValue, head)
      XCTAssertEqual(request?["bodySize"]?.intValue, bytes.count - head)
      XCTAssertEqual(entry["_bytesSent"]?.intValue, bytes.count)
      XCTAssertEqual(request?["httpVersion"]?.stringValue, "HTTP/1.1")
      XCTAssertEqual(value("Host", request?["headers"]), "127.0.0.1:\(target.port)")
      let response = entry["response"]
      XCTAssertEqual(response?["status"]?.intValue, 201)
      XCTAssertEqual(response?["statusText"]?.stringValue, "Made it")
      XCTAssertEqual(response?["headersSize"]?.intValue, Self.head.utf8.count)
      XCTAssertEqual(response?["bodySize"]?.intValue, Self.body.utf8.count)
      XCTAssertEqual(
        response?["content"]?["text"]?.stringValue,
        Self.body.replacingOccurrences(of: "s3cret!", with: "***"))
      XCTAssertEqual(response?["redirectURL"]?.stringValue, "/made/1")
      XCTAssertEqual(value("sid", response?["cookies"]), "***")
      XCTAssertEqual(value("theme", response?["cookies"]), "***")
      XCTAssertEqual(entry["serverIPAddress"]?.stringValue, entry == entries[0] ? "127.0.0.1" : nil)
    }
    let buy = try XCTUnwrap(entries[0]["request"])
    XCTAssertEqual(buy["method"]?.stringValue, "POST")
    XCTAssertEqual(buy["url"]?.stringValue, "\(url)/buy?k=***&n=1")
    XCTAssertEqual(value("k", buy["queryString"]), "***")
    XCTAssertEqual(value("a", buy["cookies"]), "***")
    XCTAssertEqual(buy["postData"]?["text"]?.stringValue, "{\"k\":\"***\"}")
    let traces = try ZipReader(download("/executions/\(execution.id)/traces.zip", cluster))
    XCTAssertEqual(traces.entries.count, 4)
    XCTAssertTrue(traces.names[0].hasPrefix("buy-"), traces.names[0])
    XCTAssertEqual(
      try traces.entries[0].json()["result"]?["id"], entries[0]["_resultId"])
    let received = try traces.entries[1].json().arrayValue?.first {
      $0["packetType"]?.stringValue == "DataReceived"
    }
    XCTAssertEqual(
      received?["data"]?.stringValue,
      Data(Self.body.replacingOccurrences(of: "s3cret!", with: "***").utf8).base64EncodedString())
    XCTAssertFalse(
      (traces.entries.map(\.text) + [String(decoding: har, as: UTF8.self)]).contains {
        $0.contains("s3cret") || $0.contains("abcdef")
      })
  }

  func test_bodies_areWhatTheTargetServes_packedOrNot() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      steps: cluster.get("/json") + "," + cluster.get("/status/503") + ","
        + "{\"request\":{\"url\":\"\(cluster.nginx.url)/gzip\","
        + "\"headers\":{\"Accept-Encoding\":\"gzip\"}}}",
      regions: [("eu-west", 1)],
      #""iterations":1,"tracing":{"all":true}"#)
    try execution.waitUntilCompleted()
    let entries = try HARReader(
      download("/executions/\(execution.id)/results.har", cluster)
    ).entries
    let served = try HTTPClient(port: cluster.nginx.port).get("/json")
    let content = entries[0]["response"]?["content"]
    XCTAssertEqual(content?["text"]?.stringValue, served.text)
    XCTAssertEqual(content?["size"]?.intValue, served.body.count)
    XCTAssertEqual(content?["mimeType"]?.stringValue, served.headers["content-type"])
    XCTAssertEqual(entries[1]["response"]?["status"]?.intValue, 503)
    XCTAssertEqual(entries[1]["_success"], .bool(false))
    let packed = try XCTUnwrap(entries[2]["response"])
    XCTAssertEqual(value("Content-Encoding", packed["headers"]), "gzip")
    XCTAssertEqual(
      packed["content"]?["text"]?.stringValue,
      try HTTPClient(port: cluster.nginx.port).get("/gzip").text)
    XCTAssertEqual(packed["bodySize"]?.intValue, -1, "it came in chunks, packed")
  }

  func test_filesOfTests_nameThem_andCountInTheSummaries() throws {
    let cluster = try Cluster(Cluster.threeAgents)
    let execution = try cluster.start(
      code: """
        import { output, vu, describe, it, sleep } from 'throng';
        export default async () => {
          await describe('shop', () => {
            it('shows', async () => {
              output.file('shop.png', new Uint8Array([1]), 'image/png');
              await sleep(0.01);
              output.file('shop.txt', 'x');
            });
            it('sells', () => {
              output.file('sold.txt', 'x');
              if (vu.index === 1 && vu.iteration === 1) throw new Error('sold out');
            });
          });
          output.file('after.txt', 'x');
        };
        """, regions: [("eu-west", 2), ("us-east", 1)], #""iterations":2"#)
    try execution.waitUntilCompleted()
    let files = try XCTUnwrap(execution.get("/output-files").arrayValue)
    let results = try XCTUnwrap(execution.get("/suite-results").arrayValue)
    XCTAssertEqual(files.count, 3 * 2 * 4)
    for file in files {
      let name = try XCTUnwrap(file["name"]?.stringValue)
      let test = ["shop.png": "shows", "shop.txt": "shows", "sold.txt": "sells"][name]
      XCTAssertEqual(file["test"]?.stringValue, test, name)
      XCTAssertEqual(file["suite"]?.stringValue, test.map { _ in "shop" }, name)
      let result = results.first { $0["id"] == file["suiteTestResultId"] }
      XCTAssertEqual(result?["test"], file["test"])
      if let result {
        XCTAssertEqual(result["threadId"], file["threadId"])
        XCTAssertEqual(result["iteration"], file["iteration"])
      }
    }
    let summaries = try XCTUnwrap(execution.get("/suite-summaries").arrayValue)
    XCTAssertEqual(summaries.map { $0["test"]?.stringValue }, ["sells", "shows"])
    XCTAssertEqual(summaries.map { $0["screenshots"]?.intValue }, [0, 6])
    XCTAssertEqual(summaries.map { $0["outputFiles"]?.intValue }, [6, 12])
    XCTAssertEqual(
      try execution.get("/output-files?failuresOnly=true").arrayValue?.count, 4,
      "those of the iteration that failed")
    // An agent is found by either of the ids that answers give it.
    let agent = try XCTUnwrap(results.first { $0["region"]?.stringValue == "us-east" }?["agentId"])
    let uuid = try XCTUnwrap(agent.stringValue)
    let ofAgent = try XCTUnwrap(execution.get("/output-files?agent=\(uuid)").arrayValue)
    XCTAssertEqual(ofAgent.count, 8)
    let number = try XCTUnwrap(ofAgent.first?["agentId"]?.intValue)
    XCTAssertEqual(
      try execution.get("/output-files?agent=\(number)").arrayValue, ofAgent)
  }

  func test_files_comeInFoldersOfTheClientsThatWroteThem() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      code: """
        import { output, vu } from 'throng';
        export default async function () {
          output.file('notiz ü.txt', `client ${vu.index} iteration ${vu.iteration}`);
          output.file('CON.bin', new Uint8Array(300000).fill(vu.index));
          output.file('CON.bin', new Uint8Array([1, 2, 3]));
        }
        """, regions: [("eu-west", 2)], #""iterations":2"#)
    try execution.waitUntilCompleted()
    let bytes = try download("/executions/\(execution.id)/output-files.zip", cluster)
    let files = try ZipReader(bytes)
    var expected: [String] = []
    for client in 0..<2 {
      for iteration in 0..<2 {
        let folder = "user-\(client)/iteration-\(iteration)"
        expected += ["notiz ü.txt", "_CON.bin", "_CON-2.bin"].map { "\(folder)/\($0)" }
        XCTAssertEqual(
          files["\(folder)/notiz ü.txt"]?.text, "client \(client) iteration \(iteration)")
        XCTAssertEqual(files["\(folder)/_CON.bin"]?.size, 300_000)
        XCTAssertEqual(files["\(folder)/_CON.bin"]?.bytes.last, UInt8(client))
      }
    }
    XCTAssertEqual(Set(files.names), Set(expected))
    let directory = try TemporaryDirectory()
    XCTAssertEqual(try ZipReader.unpack(bytes, to: directory), expected.sorted())
  }
}
