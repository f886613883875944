import Foundation
import TestSupport
import XCTest

@testable import Coordinator

final class ImageDifferenceTests: XCTestCase {
  private func difference(_ one: TestImage, _ other: TestImage) throws -> ImageDifference {
    let directory = try TemporaryDirectory()
    let images = try [one, other].enumerated().map { index, image in
      let path = directory.file("\(index).png")
      try Data(image.png).write(to: URL(filePath: path))
      return try ImageReader.read(path, seconds: 10)
    }
    return ImageDifference(images[0], images[1])
  }

  func test_everyPixelThatLooksDifferent_counts() throws {
    let before = TestImage(100, 50, (120, 130, 140))
    var after = before
    for x in 0..<19 { after[x * 5, x * 2] = (255, 0, 0) }
    let found = try difference(after, before)
    XCTAssertEqual(found, ImageDifference(pixels: 5_000, differing: 19))
    XCTAssertEqual(found.percent, 0.38)
    XCTAssertEqual(try difference(before, before).percent, 0)
  }

  func test_differencesThatNobodySees_doNotCount() throws {
    let before = TestImage(10, 10, (100, 100, 100))
    var after = before
    after[1, 1] = (116, 84, 116)
    XCTAssertEqual(try difference(after, before).differing, 0)
    after[1, 1] = (100, 117, 100)
    XCTAssertEqual(try difference(after, before).differing, 1)
    XCTAssertEqual(try difference(before, after).differing, 1)
  }

  func test_whatOnlyOneImageHas_counts() throws {
    let found = try difference(TestImage(10, 20), TestImage(15, 10))
    XCTAssertEqual(found.pixels, 10 * 20 + 15 * 10 - 10 * 10)
    XCTAssertEqual(found.differing, 10 * 10 + 5 * 10)
  }

  func test_percent_saysZeroAndHundredOnlyWhereTheyAreTrue() {
    XCTAssertEqual(ImageDifference(pixels: 1_000_000, differing: 1).percent, 0.01)
    XCTAssertEqual(ImageDifference(pixels: 1_000_000, differing: 999_999).percent, 99.99)
    XCTAssertEqual(ImageDifference(pixels: 7, differing: 7).percent, 100)
    XCTAssertEqual(ImageDifference(pixels: 3, differing: 1).percent, 33.33)
  }
}
