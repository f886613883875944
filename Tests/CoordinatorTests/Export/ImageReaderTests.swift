import Foundation
import Shared
import TestSupport
import XCTest

@testable import Coordinator

final class ImageReaderTests: XCTestCase {
  private let directory = try? TemporaryDirectory()

  private func file(_ bytes: [UInt8]) throws -> String {
    let path = try XCTUnwrap(directory).file("image-\(UInt64.random(in: 0...UInt64.max))")
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  private func thumbnail(_ bytes: [UInt8]) throws -> PNGReading {
    try PNGReading(try Thumbnail.png(of: try file(bytes)))
  }

  private func assertRefused(
    _ bytes: [UInt8], _ expected: ImageRefusal, line: UInt = #line
  ) throws {
    let path = try file(bytes)
    XCTAssertThrowsError(try Thumbnail.png(of: path), line: line) {
      XCTAssertEqual($0 as? ImageRefusal, expected, line: line)
    }
  }

  private func assertBroken(_ bytes: [UInt8], line: UInt = #line) throws {
    let path = try file(bytes)
    XCTAssertThrowsError(try Thumbnail.png(of: path), line: line) { error in
      guard case .broken(let reason)? = error as? ImageRefusal else {
        return XCTFail("\(error)", line: line)
      }
      XCTAssertFalse(reason.isEmpty, line: line)
    }
  }

  func test_largeImage_isMadeSmallerAndKeepsItsShape() throws {
    var image = TestImage(1_000, 500, (250, 10, 10))
    for y in 0..<500 { for x in 500..<1_000 { image[x, y] = (10, 10, 250) } }
    let small = try thumbnail(image.png)
    XCTAssertEqual([small.width, small.height], [320, 160])
    XCTAssertEqual(small[10, 80], [250, 10, 10])
    XCTAssertEqual(small[310, 80], [10, 10, 250])
  }

  func test_sidesThatWouldVanish_keepOnePixel() throws {
    let small = try thumbnail(TestImage(4_000, 1, (1, 2, 3)).png)
    XCTAssertEqual([small.width, small.height], [320, 1])
  }

  func test_smallImage_isNotMadeLarger() throws {
    var image = TestImage(3, 2, (9, 8, 7))
    image[2, 1] = (200, 100, 50)
    let small = try thumbnail(image.png)
    XCTAssertEqual([small.width, small.height], [3, 2])
    XCTAssertEqual(small[0, 0], [9, 8, 7])
    XCTAssertEqual(small[2, 1], [200, 100, 50])
  }

  func test_jpeg_isUprightAsItsEXIFSays() throws {
    let small = try thumbnail(ImageSamples.turnedJPEG)
    XCTAssertEqual([small.width, small.height], [16, 32])
    XCTAssertGreaterThan(small[8, 4][0], 200, "red is at the top")
    XCTAssertGreaterThan(small[8, 28][2], 200, "blue is at the bottom")
  }

  func test_gif_isRead() throws {
    let small = try thumbnail(ImageSamples.gif)
    XCTAssertEqual([small.width, small.height], [2, 1])
    XCTAssertEqual(small[0, 0].prefix(3), [255, 0, 0])
    XCTAssertEqual(small[1, 0].prefix(3), [0, 0, 255])
  }

  func test_promisesOfTooManyPixels_areRefusedAtOnce() throws {
    let before = try peakKilobytes()
    let started = Clock.monotonicNanos()
    let refusal = ImageRefusal.tooManyPixels(width: 50_000, height: 50_000)
    try assertRefused(TestImage.promise(50_000, 50_000), refusal)
    try assertRefused(ImageSamples.jpeg(promising: 50_000, 50_000), refusal)
    try assertRefused(ImageSamples.gif(promising: 50_000, 50_000), refusal)
    try assertRefused(
      TestImage.promise(7_681, 4_320), .tooManyPixels(width: 7_681, height: 4_320))
    XCTAssertLessThan(Clock.monotonicNanos() - started, 1_000_000_000)
    XCTAssertLessThan(try peakKilobytes() - before, 20_000)
  }

  /// The most memory that this process has had.
  private func peakKilobytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try XCTUnwrap(line.split(separator: " ").lazy.compactMap { Int($0) }.first)
  }

  func test_whatIsNoImage_isRefused() throws {
    try assertRefused([], .unknownFormat)
    try assertRefused(Array("hello".utf8), .unknownFormat)
    try assertRefused(
      Array("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8), .unknownFormat)
    try assertRefused(Array("/* XPM */ static char *x[] = {".utf8), .unknownFormat)
    try assertRefused(Array("BM".utf8) + Array(repeating: 0, count: 60), .unknownFormat)
  }

  func test_brokenImages_areRefused() throws {
    let png = TestImage(40, 40, (1, 2, 3)).png
    try assertBroken(Array(png.prefix(8)))
    try assertBroken(Array(png.prefix(20)))
    var wrong = png
    wrong[60] ^= 0xff
    try assertBroken(wrong)
    try assertBroken(Array(ImageSamples.turnedJPEG.prefix(100)))
    try assertBroken(Array(ImageSamples.gif.prefix(12)))
    try assertBroken(Array("GIF89a".utf8))
  }

  func test_anyFlippedByte_neverCrashes() throws {
    var image = TestImage(20, 20, (1, 200, 3))
    image[4, 4] = (0, 0, 0)
    var generator = SystemRandomNumberGenerator()
    for sample in [image.png, ImageSamples.turnedJPEG, ImageSamples.gif] {
      var outcomes = (read: 0, refused: 0)
      for _ in 0..<200 {
        var bytes = sample
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let at = Int.random(in: 8..<bytes.count, using: &generator)
          bytes[at] = UInt8.random(in: 0...255, using: &generator)
        }
        do {
          _ = try Thumbnail.png(of: try file(bytes))
          outcomes.read += 1
        } catch is ImageRefusal {
          outcomes.refused += 1
        }
      }
      XCTAssertEqual(outcomes.read + outcomes.refused, 200)
    }
  }
}
