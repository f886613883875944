import XCTest

@testable import Shared

final class LineFramerTests: XCTestCase {
  func test_lineInPieces_comesOutWhole() throws {
    var framer = LineFramer(maxBytes: 100)
    framer.append(Array("{\"a\"".utf8))
    XCTAssertNil(try framer.next())
    framer.append(Array(":1}\n{}\r\nrest".utf8))
    XCTAssertEqual(try framer.next(), Array("{\"a\":1}".utf8))
    XCTAssertEqual(try framer.next(), Array("{}".utf8))
    XCTAssertNil(try framer.next())
    XCTAssertEqual(framer.pendingBytes, 4)
  }

  func test_lineOfExactlyTheBound_isTaken_oneMoreIsNot() throws {
    var framer = LineFramer(maxBytes: 4)
    framer.append(Array("abcd\n".utf8))
    XCTAssertEqual(try framer.next(), Array("abcd".utf8))
    framer.append(Array("abcde".utf8))
    XCTAssertThrowsError(try framer.next()) {
      XCTAssertEqual($0 as? FramingError, .lineTooLong(max: 4))
    }
  }

  func test_randomCuts_keepEveryLine() throws {
    for seed in UInt64(1)...50 {
      var random = SeededGenerator(seed: seed)
      let lines = (0..<200).map { _ in
        (0..<Int.random(in: 0...300, using: &random)).map { _ in
          UInt8.random(in: 11...255, using: &random)
        }.filter { $0 != 13 }
      }
      var stream: ArraySlice<UInt8> = Array(lines.map { $0 + [10] }.joined())[...]
      var framer = LineFramer(maxBytes: 300)
      var found: [[UInt8]] = []
      while !stream.isEmpty {
        let cut = stream.prefix(Int.random(in: 1...700, using: &random))
        stream = stream.dropFirst(cut.count)
        framer.append(Array(cut))
        while let line = try framer.next() { found.append(line) }
      }
      XCTAssertEqual(found, lines, "seed \(seed)")
    }
  }
}
