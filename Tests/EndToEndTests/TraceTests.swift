import Foundation
import Shared
import TestSupport
import XCTest

/// Traces from the wire to the REST API, compared with what the target saw and said.
final class TraceTests: XCTestCase {
  private static let response =
    "HTTP/1.1 200 Fine\r\nContent-Type: text/plain\r\nSet-Cookie: sid=abcdef; Path=/\r\n"
    + "Content-Length: 17\r\n\r\nyour key: s3cret!"

  /// A target that answers every request the same and remembers the bytes that came.
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
          try stream.write(TraceTests.response)
        }
      }
    }

    var port: UInt16 { server?.port ?? 0 }
    var requests: [String] {
      lock.withLock { bytes.map { String(decoding: $0, as: UTF8.self) } }
    }
  }

  private func trace(_ id: Int, _ cluster: Cluster) throws -> JSONValue {
    let response = try cluster.http.get("/execution-traces/\(id)")
    XCTAssertEqual(response.status, 200, response.text)
    return try response.json()
  }

  private func packets(_ trace: JSONValue) -> [String: JSONValue] {
    Dictionary(
      (trace["packets"]?.arrayValue ?? []).map { ($0["packetType"]?.stringValue ?? "?", $0) },
      uniquingKeysWith: { first, _ in first })
  }

  private func data(_ packet: JSONValue?) -> String {
    let bytes = packet?["data"]?.stringValue.flatMap { Data(base64Encoded: $0) } ?? Data()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A packet in the form in which it was on the wire.
  private func wire(_ packet: JSONValue?) throws -> String {
    let headers = try JSONValue.parse(text: XCTUnwrap(packet?["headers"]?.stringValue))
    let lines = (headers.objectValue?.members ?? []).map {
      "\($0.key): \($0.value.stringValue ?? "")"
    }
    return ([packet?["startLine"]?.stringValue ?? ""] + lines).joined(separator: "\r\n")
      + "\r\n\r\n" + data(packet)
  }

  func test_traces_showWhatTheTargetSawAndSaid() throws {
    let target = try Target()
    let cluster = try Cluster()
    let url = "http://127.0.0.1:\(target.port)"
    let execution = try cluster.start(
      steps: """
        {"request":{"method":"POST","url":"\(url)/buy?k=${params.key}","body":{"k":"${params.key}"},
          "headers":{"Authorization":"Bearer ${params.key}"},"name":"buy"}},
        {"request":{"url":"\(url)/look"}}
        """, regions: [("eu-west", 1)],
      #""iterations":1,"tracing":{"all":true},"secrets":["key"],"scriptParams":{"key":"s3cret!"}"#)
    try execution.waitUntilCompleted()
    let list = try XCTUnwrap(execution.get("/traces").arrayValue)
    XCTAssertEqual(list.map { $0["resource"]?.stringValue }, ["buy", "GET \(url)/look"])
    XCTAssertEqual(list.map { $0["status"]?.stringValue }, ["200", "200"])
    XCTAssertEqual(list.map { $0["length"]?.intValue }, [17, 17])
    let traces = try list.map { try trace(XCTUnwrap($0["id"]?.intValue), cluster) }
    let results = traces.map { $0["result"]?["metrics"]?.arrayValue?.count ?? 0 }
    XCTAssert(results.allSatisfy { $0 > 10 }, "\(results)")
    XCTAssertEqual(
      traces.map { $0["packets"]?.arrayValue?.compactMap { $0["packetType"]?.stringValue } },
      [
        ["DnsLookup", "ConnectionOpened", "DataSent", "DataReceived", "ConnectionClosed"],
        ["DataSent", "DataReceived", "ConnectionClosed"],
      ])
    XCTAssertEqual(target.requests.count, 2)
    func masked(_ text: String) -> String {
      text.replacingOccurrences(of: "sid=abcdef", with: "sid=***")
        .replacingOccurrences(of: "s3cret!", with: "***")
        .replacingOccurrences(of: "s3cret%21", with: "***")
    }
    for (trace, request) in zip(traces, target.requests) {
      XCTAssertEqual(try wire(packets(trace)["DataSent"]), masked(request))
      XCTAssertEqual(try wire(packets(trace)["DataReceived"]), masked(Self.response))
    }
    let shown = try (["", "?up=true", "/traces", "/logs", "/results"]).map {
      try cluster.http.get("/executions/\(execution.id)\($0)").text
    }
    XCTAssertFalse((shown + traces.map(\.text)).contains { $0.contains("s3cret") })
  }

  func test_refusedConnection_andEachStatus_leaveTraces_withoutBeingAskedFor() throws {
    let cluster = try Cluster()
    let port = try FreePort.refusing()
    let execution = try cluster.start(
      steps: cluster.get("/status/503") + ","
        + #"{"request":{"url":"http://127.0.0.1:\#(port)/"}},"# + cluster.get("/"),
      regions: [("eu-west", 1)], "\"iterations\":50")
    try execution.waitUntilCompleted()
    let list = try XCTUnwrap(execution.get("/traces").arrayValue)
    let statuses = Set(list.compactMap { $0["status"]?.stringValue })
    XCTAssertEqual(statuses, ["503", "connectRefused", "200"])
    XCTAssertLessThan(list.count, 30, "most of 150 requests leave none")
    let refused = try XCTUnwrap(list.first { $0["status"]?.stringValue == "connectRefused" })
    let packets = packets(try trace(XCTUnwrap(refused["id"]?.intValue), cluster))
    XCTAssertNil(packets["ConnectionOpened"])
    XCTAssertTrue(data(packets["ConnectionClosed"]).contains("Failed to connect"))
  }

  func test_tlsAndHTTP2_areShownInTheFormOfHTTP1() throws {
    let cluster = try Cluster()
    let execution = try cluster.start(
      steps: "{\"request\":{\"url\":\"\(cluster.nginx.tlsURL)/json\"}}",
      regions: [("eu-west", 1)], #""iterations":1,"http":{"verifyTls":false}"#)
    try execution.waitUntilCompleted()
    let list = try XCTUnwrap(execution.get("/traces").arrayValue)
    let packets = packets(try trace(XCTUnwrap(list.first?["id"]?.intValue), cluster))
    XCTAssertEqual(
      Set(packets.keys),
      [
        "DnsLookup", "ConnectionOpened", "TlsHandshake", "DataSent", "DataReceived",
        "ConnectionClosed",
      ])
    XCTAssertEqual(packets["DataSent"]?["startLine"]?.stringValue, "GET /json HTTP/2")
    XCTAssertTrue(data(packets["DataReceived"]).contains("IBM"))
  }
}
