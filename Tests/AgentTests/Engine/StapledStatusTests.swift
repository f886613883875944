import Foundation
import Shared
import TestSupport
import XCTest

@testable import Agent

/// What a server has its certificate authority say of its certificate.
final class StapledStatusTests: XCTestCase {
  /// Certificates, and what the openssl program says of the server's.
  private func directory(revoked: Bool) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try Certificate.make(in: directory)
    func openssl(_ words: String) throws -> String {
      try ChildProcess.run(
        "openssl", words.split(separator: " ").map(String.init), directory: directory.path)
    }
    let serial = try openssl("x509 -in server.pem -noout -serial")
      .split(separator: "=")[1].trimmingCharacters(in: .whitespacesAndNewlines)
    try directory.write(
      "index.txt",
      revoked
        ? "R\t300101000000Z\t240101000000Z,keyCompromise\t\(serial)\tunknown\t/CN=localhost\n"
        : "V\t300101000000Z\t\t\(serial)\tunknown\t/CN=localhost\n")
    _ = try openssl("ocsp -issuer ca.pem -cert server.pem -no_nonce -reqout request.der")
    _ = try openssl(
      "ocsp -index index.txt -CA ca.pem -rsigner ca.pem -rkey ca.key -reqin request.der"
        + " -respout stapled.der -ndays 2")
    return directory
  }

  private func status(_ directory: TemporaryDirectory) throws -> StapledStatus? {
    let bytes = try XCTUnwrap(FileManager.default.contents(atPath: directory.file("stapled.der")))
    return Array(bytes).withUnsafeBufferPointer { StapledStatus(bytes: $0) }
  }

  func test_goodAndRevoked_areToldInK6sWords() throws {
    let good = try XCTUnwrap(try status(try directory(revoked: false)))
    XCTAssertEqual(good.status, "good")
    // Go's zero time and first reason: k6 shows them for what is not revoked.
    XCTAssertEqual(good.reason, "unspecified")
    XCTAssertEqual(good.revokedAt, -62_135_596_800)
    XCTAssertEqual(good.nextUpdate - good.thisUpdate, 2 * 86_400)
    XCTAssertLessThan(abs(Double(good.producedAt) - Date().timeIntervalSince1970), 600)

    let revoked = try XCTUnwrap(try status(try directory(revoked: true)))
    XCTAssertEqual(revoked.status, "revoked")
    XCTAssertEqual(revoked.reason, "key_compromise")
    XCTAssertEqual(revoked.revokedAt, 1_704_067_200)
  }

  func test_whatIsNoStatus_isNone() {
    for bytes: [UInt8] in [[], [0x30], [0x30, 0x03, 0x0a, 0x01, 0x02], [1, 2, 3]] {
      XCTAssertNil(bytes.withUnsafeBufferPointer { StapledStatus(bytes: $0) }, "\(bytes)")
    }
  }

  func test_scriptsSeeIt() throws {
    let directory = try directory(revoked: false)
    let server = try ChildProcess(
      executable: try ChildProcess.find("openssl"),
      [
        "s_server", "-accept", "127.0.0.1:0", "-cert", directory.file("server.pem"), "-key",
        directory.file("server.key"), "-status_file", directory.file("stapled.der"), "-www",
        "-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305",
      ])
    defer { _ = try? server.terminate() }
    let line = try server.waitForLine(containing: "ACCEPT ")
    let port = try XCTUnwrap(line.split(separator: ":").last.flatMap { UInt16($0) })
    var lease = Lease.forTests(clients: 1)
    lease.http.caPEM = try String(contentsOfFile: directory.file("ca.pem"), encoding: .utf8)
    let harness = try EngineHarness(
      code: """
        module.exports = async () => {
          const r = await http.get('https://localhost:\(port)/');
          log.info(r.status, r.tls_version, r.tls_cipher_suite, r.ocsp.status,
            r.ocsp.next_update - r.ocsp.this_update, r.ocsp.revocation_reason,
            r.ocsp.status === http.OCSP_STATUS_GOOD && r.tls_version === http.TLS_1_2
              && http.OCSP_REASON_KEY_COMPROMISE === 'key_compromise', r.error);
        };
        """, lease: lease)
    _ = harness.run()
    XCTAssertEqual(
      harness.logs.map(\.message),
      [
        "200 tls1.2 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305 good 172800 unspecified true "
      ])
  }
}
