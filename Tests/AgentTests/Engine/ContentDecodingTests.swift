import Foundation
import TestSupport
import XCTest

@testable import Agent

/// Bodies packed by other programs, whole and cut, in pieces of every size.
final class ContentDecodingTests: XCTestCase {
  private static let text = (0..<400).map { "line \($0 * 7919 % 1000)\n" }.joined()

  /// What Python's libraries make of the text: its name and its bytes.
  private static func packed() throws -> [String: [UInt8]] {
    let program = """
      import base64, gzip, json, sys, zlib
      text = sys.argv[1].encode()
      raw = zlib.compressobj(wbits=-15)
      made = {
        "gzip": gzip.compress(text),
        "x-gzip": gzip.compress(text[:900]) + gzip.compress(b"") + gzip.compress(text[900:]),
        "deflate": zlib.compress(text),
        "Deflate": raw.compress(text) + raw.flush(),
        "gzip, deflate": zlib.compress(gzip.compress(text)),
      }
      print(json.dumps({name: base64.b64encode(data).decode() for name, data in made.items()}))
      """
    let printed = try ChildProcess.run("python3", ["-c", program, text])
    let object = try JSONDecoder().decode([String: String].self, from: Data(printed.utf8))
    return object.compactMapValues { Data(base64Encoded: $0).map(Array.init) }
  }

  private func decode(
    _ codings: String, _ bytes: some Collection<UInt8>, pieces: Int
  ) -> (text: String?, isComplete: Bool)? {
    guard let decoding = ContentDecoding(codings: codings) else { return nil }
    var out: [UInt8] = []
    var rest = ArraySlice(Array(bytes))
    while !rest.isEmpty {
      let outcome = rest.prefix(pieces).withUnsafeBytes { piece in
        decoding.decode(piece) { decoded in
          out += Array(decoded)
          return .goOn
        }
      }
      guard outcome == .goOn else { return (nil, false) }
      rest = rest.dropFirst(pieces)
    }
    return (String(decoding: out, as: UTF8.self), decoding.isComplete)
  }

  func test_wholeBodies_inPiecesOfAllSizes() throws {
    let packed = try Self.packed()
    XCTAssertEqual(packed.count, 5)
    for (codings, bytes) in packed {
      for pieces in [1, 2, 7, 1_000, 1 << 20] {
        let result = decode(codings, bytes, pieces: pieces)
        XCTAssertEqual(result?.text, Self.text, "\(codings) by \(pieces)")
        XCTAssertEqual(result?.isComplete, true, "\(codings) by \(pieces)")
      }
    }
  }

  func test_cutBodies_areIncomplete() throws {
    for (codings, bytes) in try Self.packed() where codings != "x-gzip" {
      for kept in [1, 5, bytes.count / 2, bytes.count - 1] {
        let result = decode(codings, bytes.prefix(kept), pieces: 64)
        XCTAssertEqual(result?.isComplete, false, "\(codings), \(kept) bytes")
      }
    }
  }

  func test_brotliAndZstandard() {
    // "hi" as Google's library packs it.
    let brotli: [UInt8] = [0x8b, 0x00, 0x80, 0x68, 0x69, 0x03]
    XCTAssertEqual(decode("br", brotli, pieces: 1)?.text, "hi")
    XCTAssertEqual(decode("br", brotli, pieces: 1)?.isComplete, true)
    XCTAssertEqual(decode("br", brotli.dropLast(), pieces: 9)?.isComplete, false)
    // A frame with one raw block (RFC 8878 3.1.1): no checksum, content of 2 bytes.
    let zstd: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x02, 0x11, 0x00, 0x00, 0x68, 0x69]
    XCTAssertEqual(decode("zstd", zstd, pieces: 1)?.text, "hi")
    XCTAssertEqual(decode("zstd", zstd, pieces: 99)?.isComplete, true)
    XCTAssertEqual(decode("zstd", zstd + zstd, pieces: 5)?.text, "hihi")
    XCTAssertEqual(decode("zstd", zstd.dropLast(), pieces: 99)?.isComplete, false)
  }

  func test_garbage_isMalformed() {
    let garbage = Array("this is not packed at all, by no means".utf8)
    for codings in ["gzip", "deflate", "br", "zstd"] {
      let result = decode(codings, garbage, pieces: 1_000)
      XCTAssertTrue(result?.text == nil || result?.isComplete == false, codings)
    }
  }

  func test_unknownCodings_areLeftAsTheyAre() {
    for codings in ["utf-8", "aws-chunked", "", "identity", "gzip, utf-8", "none"] {
      XCTAssertNil(ContentDecoding(codings: codings), codings)
    }
    XCTAssertNotNil(ContentDecoding(codings: "aws-chunked, gzip"))
    XCTAssertNotNil(ContentDecoding(codings: " GZIP "))
  }
}
