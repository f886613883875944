import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// Logging in by Digest and by NTLM.
final class LoginTests: XCTestCase {
  private func head(_ challenge: String) -> String {
    "HTTP/1.1 401 X\r\nWWW-Authenticate: Basic realm=\"no\"\r\n"
      + "WWW-Authenticate: \(challenge)\r\n\r\n"
  }

  /// RFC 7616, section 3.9.1.
  func test_digest_answersTheExamplesOfItsStandard() throws {
    let rest =
      #"realm="http-auth@example.org", qop="auth, auth-int", "#
      + #"nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "#
      + #"opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#
    for (algorithm, response) in [
      ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
      ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ] {
      let challenge = try XCTUnwrap(
        DigestChallenge(head: head("Digest \(rest), algorithm=\(algorithm)")))
      let answer = challenge.answer(
        user: "Mufasa", password: "Circle of Life", method: "GET", uri: "/dir/index.html",
        cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
      XCTAssert(answer.contains(#"response="\#(response)""#), answer)
      XCTAssert(answer.hasPrefix(#"Digest username="Mufasa", realm="http-auth@example.org", "#))
      XCTAssert(answer.contains("algorithm=\(algorithm), qop=auth, nc=00000001, cnonce="), answer)
    }
  }

  func test_whatCannotBeAnswered_isNot() {
    for challenge in [
      "Digest realm=\"a\"", "Digest nonce=\"a\", algorithm=SHA-512", "Bearer nonce=\"a\"",
      "Digest nonce=\"a\", qop=\"auth-int\"", "Digest ", "",
    ] {
      XCTAssertNil(DigestChallenge(head: head(challenge)), challenge)
    }
    XCTAssertNotNil(DigestChallenge(head: head("digest nonce=\"a")))
  }

  /// As in k6: a result for the challenge, which is no failure, and one for the answer.
  func test_digest_logsIn() throws {
    let httpbin = try HttpbinServer()
    let server = httpbin.url.replacing("http://", with: "")
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          for (const [word, hash] of [['p%3Aa', 'MD5'], ['p%3Aa', 'SHA-256'], ['x', 'MD5']]) {
            const path = `digest-auth/auth/us@er/p:a/${hash}`;
            const url = `http://us%40er:${word}@\(server)/${path}`;
            const r = await http.get(url, { auth: 'digest' });
            log.info(r.status, r.body.length > 0 && r.status === 200 ? r.json('user') : '');
          }
        };
        """)
    let rows = harness.run()
    XCTAssertEqual(harness.logs.map(\.message), ["200 us@er", "200 us@er", "401 "])
    XCTAssertEqual(rows.map(\.status), [401, 200, 401, 200, 401, 401])
    XCTAssertEqual(rows.map(\.success), [true, true, true, true, true, false])
  }

  func test_ntlm_logsIn() throws {
    // A challenge as servers send it: signature, type 2, flags for Unicode and NTLM, 8 bytes.
    var challenge = Array("NTLMSSP\0".utf8) + [2, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0]
    challenge +=
      [0x05, 0x82, 0x00, 0x00, 1, 2, 3, 4, 5, 6, 7, 8] + [UInt8](repeating: 0, count: 16)
    let encoded = Data(challenge).base64EncodedString()
    let server = try EngineServer { request in
      let told = request.headers["authorization"] ?? ""
      let message = Data(base64Encoded: String(told.dropFirst(5))).map(Array.init) ?? []
      guard told.hasPrefix("NTLM "), message.count > 8 else {
        return EngineServer.response(401, "who", headers: ["WWW-Authenticate: NTLM"])
      }
      guard message[8] == 3 else {
        return EngineServer.response(401, "more", headers: ["WWW-Authenticate: NTLM \(encoded)"])
      }
      let name = Array("user".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      let knows = message.indices.contains { message[$0...].starts(with: name) }
      return EngineServer.response(knows ? 200 : 403, "in")
    }
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          const url = '\(server.url("/"))'.replace('//', '//user:secret@');
          const r = await http.post(url, 'body', { auth: 'ntlm' });
          log.info(r.status, r.body, r.headers['Content-Length']);
          log.info((await http.get('\(server.url("/plain"))')).status);
        };
        """)
    let rows = harness.run()
    XCTAssertEqual(harness.logs.map(\.message), ["200 in 2", "401"])
    XCTAssertEqual(rows.map(\.status), [200, 401])
    XCTAssertEqual(server.seen.last?.headers["authorization"], nil)
    XCTAssertEqual(server.seen.dropLast().last?.body, "body")
  }
}
