import Shared
import TestSupport
import XCTest

@testable import Agent

/// What scripts see of responses and of the requests that led to them.
final class CodeResponseTests: XCTestCase {
  private static let members = [
    "remote_ip", "remote_port", "url", "status", "status_text", "proto", "headers", "cookies",
    "body", "timings", "tls_version", "tls_cipher_suite", "ocsp", "error", "error_code", "request",
  ]

  /// The texts that a script logs in its only iteration.
  private func logged(
    _ code: String, isFine: Bool = true, file: StaticString = #filePath, line: UInt = #line,
    _ change: (inout Lease) -> Void = { _ in }
  ) throws -> [String] {
    var lease = Lease.forTests(clients: 1)
    change(&lease)
    let harness = try EngineHarness(
      code: "module.exports = async () => {\n\(code)\n};", lease: lease, isK6: true)
    _ = harness.run(file: file, line: line)
    let texts = harness.logs.map(\.message)
    XCTAssertEqual(
      harness.iterations.map(\.failed), [!isFine], texts.joined(separator: "\n"), file: file,
      line: line)
    return texts
  }

  private func json(_ text: String?) throws -> JSONObject {
    try XCTUnwrap(try JSONValue.parse(text: try XCTUnwrap(text)).objectValue)
  }

  func test_response_hasK6sMembersAndNoOthers() throws {
    let server = try EngineServer { _ in
      EngineServer.response(
        200, "hello", headers: ["X-Two: a", "x-two: b", "Set-Cookie: k=v; Path=/"])
    }
    let texts = try logged(
      """
      const r = await http.get('\(server.url("/a"))');
      log.info(Object.keys(r).join());
      log.info(JSON.stringify(r));
      log.info(Object.keys(r.headers).join(), 'X-Two' in r.headers, { ...r.headers }['X-Two']);
      r.headers['X-Two'] = 'c';
      log.info(r.headers['X-Two'], r.cookies.k[0].value, 'y' in r.cookies, r.ok, r.statusText);
      """)
    XCTAssertEqual(texts.first, Self.members.joined(separator: ","))
    let shown = try json(texts.dropFirst().first)
    XCTAssertEqual(shown.members.map(\.key), Self.members)
    XCTAssertEqual(shown["remote_ip"], .string("127.0.0.1"))
    XCTAssertEqual(shown["remote_port"], .int(Int64(server.port)))
    XCTAssertEqual(shown["status_text"], .string("200 X"))
    XCTAssertEqual(shown["proto"], .string("HTTP/1.1"))
    XCTAssertEqual(shown["tls_version"], .string(""))
    XCTAssertEqual(
      shown["ocsp"]?.text,
      #"{"produced_at":0,"this_update":0,"next_update":0,"revoked_at":0,"revocation_reason":"","#
        + #""status":""}"#)
    XCTAssertEqual(
      shown["request"]?.text,
      #"{"method":"GET","url":"\#(server.url("/a"))","headers":"#
        + #"{"User-Agent":["throng/\#(throngVersion)"]},"body":"","cookies":{}}"#)
    XCTAssertEqual(
      texts.dropFirst(2).first, "Content-Type,Content-Length,X-Two,Set-Cookie true a, b")
    XCTAssertEqual(texts.last, "c v false true 200 X")
  }

  func test_request_isWhatWasSent() throws {
    let server = try EngineServer { _ in
      EngineServer.response(200, "", headers: ["Set-Cookie: jar=1; Path=/"])
    }
    let texts = try logged(
      """
      const url = '\(server.url("/"))';
      await http.get(url);
      const params = { headers: { 'x-lower': 'a', Host: 'else.test', 'Content-Length': '99' },
        cookies: { own: 'b' }, tags: { t: '1' }, timeout: '5s' };
      const post = (await http.post(url, { b: [1, 2], a: null }, params)).request;
      // Under its own name it would be masked in the log.
      log.info(JSON.stringify(post).replace('"Cookie"', '"Sent"'));
      const bytes = new Uint8Array([104, 0xc3, 0xa4]).buffer;
      log.info((await http.put(url, bytes)).request.body);
      log.info('<' + (await http.get(url)).request.body + '>');
      """)
    let agent = #""User-Agent":["throng/\#(throngVersion)"]"#
    let post = try json(texts.first)
    XCTAssertEqual(post.members.map(\.key), ["method", "url", "headers", "body", "cookies"])
    XCTAssertEqual(
      post["headers"]?.text,
      "{\(agent)"
        + #","X-Lower":["a"],"Host":["else.test"],"#
        + #""Content-Type":["application/x-www-form-urlencoded"],"Sent":["own=b; jar=1"]}"#)
    XCTAssertEqual(post["body"], .string("a=&b=1&b=2"))
    XCTAssertEqual(
      post["cookies"]?.text,
      #"{"own":[{"name":"own","value":"b","replace":false}],"#
        + #""jar":[{"name":"jar","value":"1","replace":false}]}"#)
    XCTAssertEqual(texts.dropFirst(), ["hä", "<>"])
    XCTAssertEqual(
      server.seen.map { $0.headers["cookie"] }, [nil, "own=b; jar=1", "jar=1", "jar=1"])
    XCTAssertEqual(server.seen[1].body, "a=&b=1&b=2")
  }

  func test_json_selectsAsGJSONDoes() throws {
    // Of the examples of gjson's own documentation.
    let json = """
      {"name":{"first":"Tom","last":"Anderson"},"age":37,"children":["Sara","Alex","Jack"],\
      "fav.movie":"Deer Hunter","nothing":null,"friends":[\
      {"first":"Dale","last":"Murphy","age":44,"nets":["ig","fb","tw"]},\
      {"first":"Roger","last":"Craig","age":68,"nets":["fb","tw"]},\
      {"first":"Jane","last":"Murphy","age":47,"nets":["ig","tw"]}]}
      """
    let server = try EngineServer { _ in EngineServer.response(200, json) }
    let wanted = [
      ("name.last", #""Anderson""#), ("age", "37"), ("children.#", "3"), ("children.1", #""Alex""#),
      ("child*.2", #""Jack""#), ("c?ildren.0", #""Sara""#), (#"fav\.movie"#, #""Deer Hunter""#),
      ("friends.#.first", #"["Dale","Roger","Jane"]"#), ("friends.1.last", #""Craig""#),
      (#"friends.#(last=="Murphy").first"#, #""Dale""#),
      (#"friends.#(last=="Murphy")#.first"#, #"["Dale","Jane"]"#),
      ("friends.#(age>45)#.last", #"["Craig","Murphy"]"#),
      (#"friends.#(first%"D*").last"#, #""Murphy""#),
      (#"friends.#(first!%"D*").last"#, #""Craig""#),
      (#"friends.#(nets.#(=="fb"))#.first"#, #"["Dale","Roger"]"#),
      (#"friends.#(last=="Murphy")#|0.first"#, #""Dale""#), ("friends.#(age>45)#|#", "2"),
      ("name.@keys", #"["first","last"]"#), ("children|@reverse|0", #""Jack""#),
      ("nothing", "null"), ("nope.a", "undefined"), ("age.a", "undefined"),
      ("toString", "undefined"), ("children.length", "undefined"), ("friends.#(", "undefined"),
    ]
    let paths = wanted.map { "'\($0.0.replacing("\\", with: "\\\\"))'" }.joined(separator: ", ")
    let texts = try logged(
      """
      const r = await http.get('\(server.url("/"))');
      for (const path of [\(paths)]) log.info(String(JSON.stringify(r.json(path))));
      """)
    for (text, pair) in zip(texts, wanted) { XCTAssertEqual(text, pair.1, pair.0) }
    XCTAssertEqual(texts.count, wanted.count)
  }

  func test_withoutABody_jsonAndHTMLThrow() throws {
    let server = try EngineServer { $0.path == "/cut" ? nil : EngineServer.response(204) }
    let texts = try logged(
      """
      const said = (call) => { try { return String(call()); } catch (e) { return e.message; } };
      for (const path of ['cut', 'empty', 'none']) {
        const params = path === 'none' ? { responseType: 'none' } : {};
        const r = await http.get('\(server.url("/"))' + path, params);
        log.info(r.body, '|', said(() => r.json()), '|', said(() => r.json('a')), '|',
          said(() => r.html()), '|', said(() => r.html('p')), '|', Object.keys(r).length);
      }
      """)
    func message(_ what: String) -> String {
      "the body is null so we can't transform it to \(what)"
        + " - this likely was because of a request error getting the response"
    }
    let parts = ["null", message("JSON"), message("JSON"), message("HTML"), message("HTML"), "16"]
    XCTAssertEqual(texts, Array(repeating: parts.joined(separator: " | "), count: 3))
  }

  func test_whatIsNoRequest_isNotSent_andSaysWhy() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let calls = [
      ("http.post(url, 5)", "unknown request body type int64"),
      ("http.post(url, 0.5)", "unknown request body type float64"),
      ("http.post(url, true)", "unknown request body type bool"),
      ("http.post(url, [1])", "unknown request body type []interface {}"),
      (
        "http.post(url, 'a', { compression: 'gzip, lzw' })",
        "unknown compression algorithm lzw, supported algorithms are [gzip deflate zstd br]"
      ),
      (
        "http.get(url, { timeout: 'soon' })",
        "invalid timeout value: timeout: 'soon' is not a duration such as '30s' or 500"
      ),
    ]
    let script = calls.map {
      "{ const r = await \($0.0); log.info(r.status, r.error_code, r.body, r.request, r.error); }"
    }
    let texts = try logged("const url = '\(server.url("/"))';\n" + script.joined(separator: "\n"))
    XCTAssertEqual(
      texts, calls.flatMap { ["Request Failed: \($0.1)", "0 0 null null \($0.1)"] })
    XCTAssertEqual(server.seen, [])
    let thrown = try EngineHarness(
      code: "module.exports = async () => { await http.post('\(server.url("/"))', 5); }",
      isK6: true, settings: #"{"options":{"throw":true}}"#)
    XCTAssertEqual(thrown.run(), [])
    XCTAssertEqual(thrown.iterations.map(\.failed), [true])
    XCTAssertEqual(server.seen, [])
  }

  func test_forms_areWrittenAsK6WritesThem() throws {
    let server = try EngineServer { _ in EngineServer.response() }
    let texts = try logged(
      """
      const url = '\(server.url("/"))';
      await http.post(url, { b: "~*'()! é", a: null, c: undefined, d: { e: 1 }, f: [], g: false });
      await http.post(url, null);
      """)
    XCTAssertEqual(
      server.seen.map(\.body), ["a=&b=~%2A%27%28%29%21+%C3%A9&c=&d=&g=false", ""])
    XCTAssertEqual(
      server.seen.map { $0.headers["content-type"] }, ["application/x-www-form-urlencoded", nil])
    XCTAssertEqual(texts.count, 1)
    XCTAssert(texts[0].contains("nested value"), texts[0])
  }

  func test_compression_codesTheBodyInTurn() throws {
    let httpbin = try HttpbinServer()
    let codings = ["gzip", "deflate", "br", "zstd", " gzip,br ", "zstd, deflate, gzip"]
    let texts = try logged(
      """
      const text = 'as it was ä '.repeat(50);
      for (const compression of \(codings)) {
        const r = await http.post('\(httpbin.url)/anything', text, { compression });
        log.info(r.request.headers['Content-Encoding'][0], '|',
          r.json().headers['Content-Encoding'], '|', r.request.body === text, '|', r.json().data);
      }
      """)
    XCTAssertEqual(texts.count, codings.count)
    for (text, coding) in zip(texts, codings) {
      let parts = text.components(separatedBy: " | ")
      let names = coding.filter { $0 != " " }.replacing(",", with: ", ")
      XCTAssertEqual(parts.prefix(3), [names, names, "true"])
      let coded = try XCTUnwrap(
        Data(base64Encoded: try XCTUnwrap(parts.last?.components(separatedBy: ";base64,").last)))
      let decoding = try XCTUnwrap(ContentDecoding(codings: names))
      var decoded: [UInt8] = []
      let outcome = Array(coded).withUnsafeBytes {
        decoding.decode($0) { piece in
          decoded += Array(piece)
          return .goOn
        }
      }
      XCTAssertEqual(outcome, .goOn, coding)
      XCTAssert(decoding.isComplete, coding)
      XCTAssertEqual(
        String(decoding: decoded, as: UTF8.self), String(repeating: "as it was ä ", count: 50))
      XCTAssertLessThan(coded.count, 200, coding)
    }
  }

  func test_http2_hasAReason() throws {
    let nginx = try NginxServer()
    let texts = try logged(
      """
      for (const path of ['/', '/status/404']) {
        const r = await http.get('\(nginx.tlsURL)' + path);
        log.info(r.proto, '|', r.status_text, '|', r.tls_version, '|', r.tls_cipher_suite, '|',
          r.ocsp.status, r.ocsp.produced_at, r.remote_ip, r.remote_port === \(nginx.tlsPort));
      }
      """
    ) { $0.http.caPEM = try? String(contentsOfFile: nginx.caFile, encoding: .utf8) }
    let tail = "tls1.2 | TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 | unknown 0 127.0.0.1 true"
    XCTAssertEqual(texts, ["HTTP/2.0 | 200 OK | \(tail)", "HTTP/2.0 | 404 Not Found | \(tail)"])
  }
}
