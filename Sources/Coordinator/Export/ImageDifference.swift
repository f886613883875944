/// How much of an image does not look like another.
struct ImageDifference: Equatable {
  /// Differences of a channel, of 255, that nobody sees and that drawing the same text twice can
  /// make at its edges.
  static let tolerance = 16

  /// Pixels that either image has.
  var pixels: Int
  /// Those that only one of them has, or that look different.
  var differing: Int

  /// With two decimals, rounded; 0 only when nothing differs, and 100 only when everything does.
  var percent: Double {
    guard differing > 0, pixels > 0 else { return 0 }
    guard differing < pixels else { return 100 }
    let hundredths = (Double(differing) / Double(pixels) * 10_000).rounded()
    return max(1, min(hundredths, 9_999)) / 100
  }

  init(pixels: Int, differing: Int) {
    self.pixels = pixels
    self.differing = differing
  }

  /// Compares pixel by pixel from the upper left corner, on white.
  init(_ image: DecodedImage, _ baseline: DecodedImage) {
    let width = min(image.width, baseline.width)
    let height = min(image.height, baseline.height)
    let overlap = width * height
    pixels = image.width * image.height + baseline.width * baseline.height - overlap
    differing = pixels - overlap
    differing += image.withBytes { one in
      baseline.withBytes { other in
        var count = 0
        for row in 0..<height {
          var left = row * image.rowBytes
          var right = row * baseline.rowBytes
          for _ in 0..<width {
            if Self.differ(one, left, image.channels, other, right, baseline.channels) {
              count += 1
            }
            left += image.channels
            right += baseline.channels
          }
        }
        return count
      }
    }
  }

  private static func differ(
    _ one: UnsafeBufferPointer<UInt8>, _ left: Int, _ leftChannels: Int,
    _ other: UnsafeBufferPointer<UInt8>, _ right: Int, _ rightChannels: Int
  ) -> Bool {
    let leftAlpha = leftChannels == 4 ? Int(one[left + 3]) : 255
    let rightAlpha = rightChannels == 4 ? Int(other[right + 3]) : 255
    for channel in 0..<3 {
      let difference =
        onWhite(Int(one[left + channel]), leftAlpha)
        - onWhite(Int(other[right + channel]), rightAlpha)
      if abs(difference) > tolerance { return true }
    }
    return false
  }

  private static func onWhite(_ value: Int, _ alpha: Int) -> Int {
    alpha == 255 ? value : (value * alpha + 255 * (255 - alpha)) / 255
  }
}
