import Shared
import XCTest

@testable import Coordinator

final class TextBufferTests: XCTestCase {
  /// Numbers around every change of length, and any others.
  private static let numbers: [Int64] = {
    var random = BatchRandom(seed: 3)
    var numbers: [Int64] = [0, .min, .max, Int64(UInt32.max), Int64(UInt32.max) + 1]
    var power: Int64 = 1
    for _ in 0..<18 {
      power *= 10
      numbers += [power - 1, power, power + 1]
    }
    numbers += (0..<2_000).map { _ in
      Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...63, using: &random)
    }
    return numbers + numbers.filter { $0 != .min }.map { -$0 }
  }()

  private func text(_ write: (inout TextBuffer) -> Void) -> String {
    var buffer = TextBuffer(capacity: 0)
    write(&buffer)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  func test_numbers_areThoseOfTheStandardLibrary() {
    for number in Self.numbers {
      XCTAssertEqual(text { $0.append(decimal: number) }, String(number))
    }
  }

  func test_milliseconds_areThoseOfTheJSONWriter() {
    for number in Self.numbers {
      var json = JSONWriter()
      json.milliseconds(micros: number)
      XCTAssertEqual(
        text { $0.append(millisecondsOfMicros: number) },
        String(decoding: json.bytes, as: UTF8.self))
    }
  }

  func test_text_growsAndKeepsWhatWasThere() {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000)
    let all = text { buffer in
      for index in 0..<50 {
        buffer.append(decimal: Int64(index))
        buffer.append("|")
        buffer.append(long)
        buffer.append([])
        buffer.append(threeDigits: 7)
      }
    }
    let x = String(repeating: "x", count: 1_000)
    XCTAssertEqual(all, (0..<50).map { "\($0)|\(x)007" }.joined())
    XCTAssertEqual(
      text { buffer in
        buffer.append(long)
        buffer.removeAll()
        buffer.append("a")
      }, "a")
  }

  func test_times_areThoseOfISOTime() {
    var random = BatchRandom(seed: 4)
    var time = TimeText()
    var now: Int64 = 1_700_000_000_000_000
    for index in 0..<5_000 {
      let micros =
        index % 50 == 0
        ? Int64.random(in: .min ... .max, using: &random)
          >> Int64.random(in: 0...40, using: &random)
        : now
      now += Int64.random(in: -500...400_000, using: &random)
      var buffer = TextBuffer(capacity: 64)
      time.write(micros: micros, to: &buffer)
      XCTAssertEqual(String(decoding: buffer.bytes, as: UTF8.self), ISOTime.text(micros: micros))
    }
  }
}
