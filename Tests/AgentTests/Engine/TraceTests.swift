import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// Traces of real exchanges, compared with what the server saw.
final class TraceTests: XCTestCase {
  private func lease(
    iterations: Int = 1, _ sampling: TraceSampling = .all, secrets: [String] = [],
    params: String = "{}", _ change: (inout Lease) -> Void = { _ in }
  ) -> Lease {
    var lease = Lease.forTests(clients: 1, iterations: iterations)
    lease.tracing = TraceSettings(sampling: sampling, secrets: secrets)
    lease.params = params
    change(&lease)
    return lease
  }

  private func packets(_ trace: TraceRow) throws -> [JSONValue] {
    try XCTUnwrap(JSONValue.parse(text: trace.packets).arrayValue)
  }

  private func types(_ trace: TraceRow) throws -> [String?] {
    try packets(trace).map { $0["packetType"]?.stringValue }
  }

  private func packet(_ type: String, of trace: TraceRow) throws -> JSONValue {
    try XCTUnwrap(packets(trace).first { $0["packetType"]?.stringValue == type }, type)
  }

  /// The headers of a packet, names in lower case.
  private func headers(_ packet: JSONValue) throws -> [String: String] {
    let text = try XCTUnwrap(packet["headers"]?.stringValue)
    let object = try XCTUnwrap(JSONValue.parse(text: text).objectValue)
    return Dictionary(
      uniqueKeysWithValues: object.members.map { ($0.key.lowercased(), $0.value.stringValue ?? "") }
    )
  }

  private func data(_ packet: JSONValue) -> String? {
    packet["data"]?.stringValue.flatMap { Data(base64Encoded: $0) }
      .map { String(decoding: $0, as: UTF8.self) }
  }

  func test_packets_showWhatWasSentAndReceived() throws {
    let server = try EngineServer { _ in
      EngineServer.response(201, "hello", headers: ["X-One: 1", "X-Two: a", "X-Two: b"])
    }
    let before = ISOTime.text(micros: Clock.wallMicros())
    let harness = try EngineHarness(
      steps: """
        {"request":{"method":"POST","url":"\(server.url("/a?b=c#d"))","body":"text",
          "headers":{"X-Sent":"yes"}}}
        """, lease: lease(iterations: 2))
    let rows = harness.run()
    let after = ISOTime.text(micros: Clock.wallMicros())
    let traces = harness.traces
    XCTAssertEqual(traces.count, 2)
    let trace = traces[0]
    XCTAssertEqual(trace.resource, harness.resources[0])
    XCTAssertEqual(trace.method, "POST")
    XCTAssertEqual(trace.url, server.url("/a?b=c#d"))
    XCTAssertEqual(trace.contentType, "text/plain")
    XCTAssertEqual(trace.length, 5)
    XCTAssertEqual(trace.request, rows[0])
    XCTAssertEqual(
      try types(trace),
      ["DnsLookup", "ConnectionOpened", "DataSent", "DataReceived", "ConnectionClosed"])
    XCTAssertEqual(try types(traces[1]), ["DataSent", "DataReceived", "ConnectionClosed"])
    let sent = try packet("DataSent", of: trace)
    XCTAssertEqual(sent["startLine"]?.stringValue, "POST /a?b=c HTTP/1.1")
    XCTAssertEqual(try headers(sent), server.seen[0].headers)
    XCTAssertEqual(data(sent), server.seen[0].body)
    XCTAssertEqual(sent["length"]?.intValue, 4)
    let received = try packet("DataReceived", of: trace)
    XCTAssertEqual(received["startLine"]?.stringValue, "HTTP/1.1 201 X")
    XCTAssertEqual(
      try headers(received),
      ["content-type": "text/plain", "content-length": "5", "x-one": "1", "x-two": "a, b"])
    XCTAssertEqual(data(received), "hello")
    XCTAssertEqual(received["dataLength"]?.intValue, 5)
    XCTAssertEqual(
      try packet("ConnectionOpened", of: trace)["address"]?.stringValue, "127.0.0.1:\(server.port)")
    var times = [before]
    for packet in try packets(trace) {
      XCTAssertNil(packet["cut"])
      times.append(try XCTUnwrap(packet["packetAt"]?.stringValue))
      XCTAssertLessThanOrEqual(times.last ?? "", packet["lastPacketAt"]?.stringValue ?? "")
    }
    XCTAssertEqual(times + [after], (times + [after]).sorted())
  }

  func test_codeScripts_leaveTraces() throws {
    let server = try EngineServer { request in
      request.path == "/one"
        ? EngineServer.response(302, headers: ["Location: /two"])
        : EngineServer.response(200, "end")
    }
    var lease = lease()
    lease.clients.count = 1
    let harness = try EngineHarness(
      code: "module.exports = async () => { await http.get('\(server.url("/one"))'); };",
      lease: lease)
    _ = harness.run()
    let traces = harness.traces
    XCTAssertEqual(traces.map(\.request.status), [302, 200])
    XCTAssertEqual(traces.map(\.resource), harness.resources)
    XCTAssertEqual(try types(traces[1]), ["DataSent", "DataReceived", "ConnectionClosed"])
    for (trace, seen) in zip(traces, server.seen) {
      XCTAssertEqual(try headers(packet("DataSent", of: trace)), seen.headers)
    }
    XCTAssertEqual(data(try packet("DataReceived", of: traces[1])), "end")
  }

  func test_secretsAndCredentials_areMaskedEverywhere() throws {
    let server = try EngineServer { request in
      EngineServer.response(
        200, "you said \(request.body)",
        headers: [
          "Set-Cookie: sid=cookie-value; Path=/", "X-Echo: s3cret/word", "Set-Cookie: b=second",
        ])
    }
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          for (let i = 0; i < 2; i++) {
            await http.post('http://me:pass-word@127.0.0.1:\(server.port)/?k=' +
              encodeURIComponent(params.key), JSON.stringify({ key: params.key }),
              { headers: { 'X-Key': params.key } });
          }
          log.info('key', params.key, { Authorization: 'Bearer abc' });
          throw new Error('no ' + params.key);
        };
        """,
      lease: lease(secrets: ["key"], params: #"{"key":"s3cret/word"}"#))
    _ = harness.run()
    let traces = harness.traces
    XCTAssertEqual(traces.count, 2)
    XCTAssertTrue(server.seen[1].path.hasSuffix("?k=s3cret%2Fword"), server.seen[1].path)
    XCTAssertEqual(server.seen[1].headers["x-key"], "s3cret/word")
    XCTAssertEqual(server.seen[1].headers["cookie"], "sid=cookie-value; b=second")
    let sent = try packet("DataSent", of: traces[1])
    XCTAssertEqual(sent["startLine"]?.stringValue, "POST /?k=*** HTTP/1.1")
    XCTAssertEqual(data(sent), #"{"key":"***"}"#)
    let sentHeaders = try headers(sent)
    XCTAssertEqual(sentHeaders["x-key"], "***")
    XCTAssertEqual(sentHeaders["authorization"], "Basic ***")
    XCTAssertEqual(sentHeaders["cookie"], "sid=***; b=***")
    let received = try packet("DataReceived", of: traces[1])
    XCTAssertEqual(try headers(received)["x-echo"], "***")
    XCTAssertEqual(try headers(received)["set-cookie"], "sid=***; Path=/, b=***")
    XCTAssertEqual(data(received), #"you said {"key":"***"}"#)
    XCTAssertEqual(traces[1].url, "http://me:***@127.0.0.1:\(server.port)/?k=***")
    XCTAssertEqual(
      Set(harness.resources), ["POST http://me:***@127.0.0.1:\(server.port)/?k=***"])
    let logs = harness.logs.map(\.message)
    XCTAssertEqual(logs.first, #"key *** {"Authorization":"***"}"#)
    XCTAssertTrue(logs.contains { $0.contains("no ***") }, "\(logs)")
    XCTAssertFalse("\(logs)".contains("s3cret"), "\(logs)")
  }

  func test_compressedBody_isShownDecoded() throws {
    // "hello hello hello hello" through gzip.
    let packed: [UInt8] = [
      0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9,
      0x57, 0xc8, 0x40, 0x27, 0x01, 0xe3, 0x51, 0x3d, 0x8d, 0x17, 0x00, 0x00, 0x00,
    ]
    let head =
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n"
    let server = try RawServer { stream in
      while try stream.read() != nil { try stream.write(Array(head.utf8) + packed) }
    }
    let harness = try EngineHarness(
      steps: #"{"request":{"url":"http://127.0.0.1:\#(server.port)/"}}"#, lease: lease())
    _ = harness.run()
    let received = try packet("DataReceived", of: XCTUnwrap(harness.traces.first))
    XCTAssertEqual(data(received), "hello hello hello hello")
  }

  func test_largeBodies_areCut_andSaySo() throws {
    let body = String(repeating: "0123456789", count: 20_000)
    let server = try EngineServer { _ in EngineServer.response(200, body) }
    let harness = try EngineHarness(
      steps: #"{"request":{"method":"POST","url":"\#(server.url("/"))","body":"\#(body)"}}"#,
      lease: lease())
    _ = harness.run()
    let trace = try XCTUnwrap(harness.traces.first)
    XCTAssertLessThanOrEqual(trace.packets.utf8.count, Limits.traceBytesMax)
    XCTAssertEqual(trace.length, 200_000)
    for type in ["DataSent", "DataReceived"] {
      let packet = try packet(type, of: trace)
      XCTAssertEqual(packet["length"]?.intValue, 200_000)
      XCTAssertEqual(packet["dataLength"]?.intValue, Limits.packetBodyBytesMax)
      XCTAssertEqual(data(packet), String(body.prefix(Limits.packetBodyBytesMax)))
      XCTAssertEqual(packet["cut"], .bool(true))
    }
  }

  func test_secretAcrossTheCut_isMasked() throws {
    let body = String(repeating: "x", count: Limits.packetBodyBytesMax - 3) + "s3cret" + "tail"
    let server = try EngineServer { _ in EngineServer.response(200, body) }
    let harness = try EngineHarness(
      steps: #"{"request":{"url":"\#(server.url("/"))"}}"#,
      lease: lease(secrets: ["key"], params: #"{"key":"s3cret"}"#))
    _ = harness.run()
    let received = try packet("DataReceived", of: XCTUnwrap(harness.traces.first))
    XCTAssertEqual(data(received)?.suffix(5), "xx***")
  }

  func test_endlessHeaders_areCut_andSaySo() throws {
    let lines = (0..<2_000).map { "X-\($0): \"\\\u{7}\"" }
    let server = try EngineServer { _ in EngineServer.response(200, "end", headers: lines) }
    let harness = try EngineHarness(
      steps: #"{"request":{"url":"\#(server.url("/"))"}}"#, lease: lease())
    _ = harness.run()
    let received = try packet("DataReceived", of: XCTUnwrap(harness.traces.first))
    let shown = try headers(received)
    XCTAssertEqual(shown["x-0"], "\"\\\u{7}\"")
    XCTAssertNil(shown["x-1999"])
    XCTAssertEqual(received["cut"], .bool(true))
    XCTAssertEqual(data(received), "end")
  }

  func test_connectionThatCannotBeMade_leavesATraceThatSaysWhy() throws {
    let port = try FreePort.refusing()
    let harness = try EngineHarness(
      steps: #"{"request":{"url":"http://127.0.0.1:\#(port)/"}}"#,
      lease: lease(.sampled(perMinute: 1)))
    _ = harness.run()
    let trace = try XCTUnwrap(harness.traces.first)
    XCTAssertEqual(trace.request.error, .connectRefused)
    XCTAssertEqual(try types(trace).last, "ConnectionClosed")
    XCTAssertFalse(try types(trace).contains("ConnectionOpened"))
    XCTAssertTrue(
      try XCTUnwrap(data(packet("ConnectionClosed", of: trace))).contains("Failed to connect"))
  }

  func test_answerThatIsCutOff_isShownAsFarAsItCame() throws {
    let server = try RawServer.resetsMidBody()
    let harness = try EngineHarness(
      steps: #"{"request":{"url":"http://127.0.0.1:\#(server.port)/"}}"#, lease: lease())
    _ = harness.run()
    let trace = try XCTUnwrap(harness.traces.first)
    XCTAssertEqual(trace.request.error, .reset)
    XCTAssertEqual(data(try packet("DataReceived", of: trace)), "half")
    XCTAssertNotNil(data(try packet("ConnectionClosed", of: trace)))
  }

  func test_sampling_keepsOnePerResourceAndStatus_andTheSlowest() throws {
    let server = try EngineServer { request in
      EngineServer.response(request.path == "/bad" ? 500 : 200)
    }
    let harness = try EngineHarness(
      steps: """
        {"request":{"url":"\(server.url("/good"))"}},{"request":{"url":"\(server.url("/bad"))"}}
        """, lease: lease(iterations: 500, .sampled(perMinute: 1)))
    _ = harness.run()
    let traces = harness.traces
    XCTAssertEqual(server.seen.count, 1_000)
    XCTAssertTrue(traces.contains { $0.request.status == 200 })
    let failures = traces.filter { $0.request.status == 500 }.count
    XCTAssertGreaterThanOrEqual(failures, Limits.traceFailuresPerInterval)
    // Should a minute or an interval begin meanwhile, there is as much once more.
    XCTAssertLessThanOrEqual(traces.count, 2 * (2 + Limits.traceFailuresPerInterval + 1))
  }

  func test_off_leavesNoTrace() throws {
    let server = try EngineServer { _ in EngineServer.response(500) }
    let harness = try EngineHarness(
      steps: #"{"request":{"url":"\#(server.url("/"))"}}"#, lease: lease(iterations: 5, .off))
    XCTAssertEqual(harness.run().count, 5)
    XCTAssertEqual(harness.traces, [])
  }

  func test_capturing_changesNoResult() throws {
    let server = try EngineServer { _ in EngineServer.response(200, "hello") }
    func rows(_ sampling: TraceSampling) throws -> [RequestRow] {
      let harness = try EngineHarness(
        steps: """
          {"request":{"method":"POST","url":"\(server.url("/"))","body":"text"},
            "check":[{"bodyContains":"hello","name":"body"}]}
          """, lease: lease(iterations: 3, sampling))
      let rows = harness.run()
      XCTAssertEqual(harness.checks, ["body": [3, 0]])
      return rows
    }
    let (with, without) = (try rows(.all), try rows(.off))
    for (one, other) in zip(with, without) {
      XCTAssertEqual(one.bytesSent, other.bytesSent)
      XCTAssertEqual(one.bytesReceived, other.bytesReceived)
      XCTAssertEqual(one.dataPacketsSent, other.dataPacketsSent)
      XCTAssertEqual(one.dataPacketsReceived, other.dataPacketsReceived)
      XCTAssertEqual(one.connection, other.connection)
    }
  }
}
